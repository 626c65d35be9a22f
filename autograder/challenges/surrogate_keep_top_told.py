"""What typical mistakes in ``keep_top`` are called."""

from __future__ import annotations

from autograder.challenge import Mistake

_COUNT = "Exactly int(fraction * h * w + 0.5) pixels of each picture stay."
_TIES = "Take positions from a stable sort (kind='stable') of minus the map; a threshold cannot do."
_EACH = "Every picture has a map of its own; look at one picture at a time."
_FILL = "Whatever fill is, np.broadcast_to(fill, pictures.shape) has its value at every place."

MISTAKES: dict[str, Mistake] = {
    each.name: each
    for each in (
        Mistake("lowest kept", "the pixels of lowest value are kept."),
        Mistake(
            "removed instead of kept",
            "the most important pixels are filled; they are those that stay.",
        ),
        Mistake(
            "that share removed",
            "that fraction of the pixels is filled; it is the fraction that stays.",
        ),
        Mistake(
            "by size, without sign",
            "pixels are ranked by the size of their value; a value below zero is a low one.",
        ),
        Mistake("rounded down", "the number of pixels is rounded down.", _COUNT),
        Mistake(
            "a half rounded to even",
            "half a pixel is not always rounded up.",
            "round(4.5) is 4 in Python; int(4.5 + 0.5) is 5.",
        ),
        Mistake("rounded up", "the number of pixels is rounded up.", _COUNT),
        Mistake("one pixel too few", "one pixel too few is kept.", _COUNT),
        Mistake(
            "nothing kept read as all",
            "with fraction 0 everything is kept.",
            "order[-count:] is the whole order where count is 0.",
        ),
        Mistake(
            "channels counted as pixels",
            "there are too many pixels: channels are counted as pixels.",
            _COUNT,
        ),
        Mistake("nothing removed", "nothing is removed: these are the pictures themselves."),
        Mistake("the mask alone", "this says which pixels stay; their pictures are asked for."),
        Mistake(
            "multiplied by the maps",
            "pictures are multiplied by their maps; what stays is left as it is.",
        ),
        Mistake(
            "equal pixels all kept",
            "all pixels at the threshold are kept, so that there are too many.",
            _TIES,
        ),
        Mistake(
            "equal pixels all left out",
            "pixels equal to the first one that goes are left out, so that there are too few.",
            _TIES,
        ),
        Mistake(
            "equal pixels in another order",
            "of equal pixels others are kept than the first in reading order.",
            _TIES,
        ),
        Mistake("above a quantile", "what is above a quantile of the map is kept.", _COUNT),
        Mistake(
            "above a share of the highest value",
            "what is above a share of the map's highest value is kept.",
            _COUNT,
        ),
        Mistake(
            "order taken for ranks",
            "an order of positions is read as ranks.",
            "argsort says where the highest value is, not which rank the first value has.",
        ),
        Mistake(
            "one threshold for all pictures",
            "the highest pixels of all pictures together are kept.",
            _EACH,
        ),
        Mistake("first map for all", "the first map is used for all pictures.", _EACH),
        Mistake("mean map for all", "the mean of the maps is used for all pictures.", _EACH),
        Mistake("rows and columns exchanged", "rows and columns of the map are exchanged."),
        Mistake("fill not used", "fill is not used: pixels that go are zero.", _FILL),
        Mistake("mean of the fill", "pixels that go get the mean of fill.", _FILL),
        Mistake(
            "mean of the picture instead of fill",
            "pixels that go get the mean of their picture instead of fill.",
            _FILL,
        ),
        Mistake("first colour of the fill", "all channels get fill's first number.", _FILL),
        Mistake("first picture's fill for all", "all pictures get the first one's fill.", _FILL),
        Mistake("other channels left", "only the first channel is filled.", _FILL),
    )
}
