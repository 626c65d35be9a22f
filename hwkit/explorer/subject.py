"""What is explored: a network, its classes, how it takes pictures, and the pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hwkit import networks
from hwkit.explorer.albums import Pictures, SceneAlbum, Uploads, album_of, quoted
from hwkit.images.bounds import ImageBound, as_bound
from hwkit.network import find_layer, layer_output, linear_output
from hwkit.visualization import Bound
from hwkit.worlds import PhotoWorld, World, load_world

if TYPE_CHECKING:
    import keras

# Their outputs are their inputs in another shape, or nothing but zeros more.
_NO_SLICE = ("InputLayer", "Flatten", "Reshape", "Permute", "Dropout", "ZeroPadding2D")
_CONVOLUTIONS = ("Conv2D", "DepthwiseConv2D", "SeparableConv2D")
_WORLDS = ("pocket", "vgg16")


@dataclass(frozen=True, eq=False)
class Subject:
    """A network and pictures for it.

    Attributes:
        model: the network.
        classes: names of its outputs, in their order.
        bound: how it takes pictures.
        layer: the slice to begin with, by the layer's name.
        album: the pictures, with room for uploaded ones.
        network_code: lines of Python that make ``model``, ``bound`` and ``classes``.
    """

    model: keras.Model
    classes: tuple[str, ...]
    bound: ImageBound
    layer: str
    album: Uploads
    network_code: str

    @property
    def layers(self) -> tuple[str, ...]:
        """Names of the layers whose neurons can be looked at."""
        return layers_of(self.model)


def subject_of(
    world: World | str | Path | keras.Model,
    images: Pictures | None,
    classes: Sequence[str] | None,
    image_bound: Bound | None,
    layer: str | int | None,
) -> Subject:
    """Whatever a user calls a world, as a network with pictures.

    Args:
        world: "pocket", "vgg16", a ``World``, a Keras model or the path of a ``.keras`` file.
        images: see ``album_of``; ``None`` for the world's own.
        classes: names of an own network's outputs; ``None`` for "class 0" and so on.
        image_bound: how an own network takes pictures.
        layer: the slice to begin with.

    Raises:
        TypeError, ValueError, FileNotFoundError: not such a thing, or something is missing; the
            message says what.
    """
    if isinstance(world, str) and world in _WORLDS:
        photos = images if isinstance(images, (str, Path)) and world == "vgg16" else None
        world = load_world(world, photos)
    if isinstance(world, World):
        return _of_world(world, images, classes, image_bound, layer)
    return _of_network(world, images, classes, image_bound, layer)


def _of_world(
    world: World,
    images: Pictures | None,
    classes: Sequence[str] | None,
    image_bound: Bound | None,
    layer: str | int | None,
) -> Subject:
    if classes is not None or image_bound is not None:
        raise ValueError(
            f"Expected no classes and no image_bound with the world '{world.name}', which has its "
            "own. Received one. Give the network itself: NeuronExplorer(world.model, ...)."
        )
    if images is None and isinstance(world, PhotoWorld):
        images = world.folder
        if images is None:
            raise ValueError(
                f"Expected photos for '{world.name}'. Received none. "
                "NeuronExplorer('vgg16', images='photos') takes a folder with a folder of photos "
                "for each class, a list of files, or an array."
            )
    return Subject(
        world.model,
        world.classes,
        world.bound,
        find_layer(world.model, layer if layer is not None else world.layer).name,
        _album(images, world.model, world.classes),
        f"{_getting(world)}\nmodel, bound, classes = world.model, world.bound, world.classes",
    )


def _of_network(
    network: str | Path | keras.Model,
    images: Pictures | None,
    classes: Sequence[str] | None,
    image_bound: Bound | None,
    layer: str | int | None,
) -> Subject:
    named = isinstance(network, (str, Path))
    model = networks.load(network) if isinstance(network, (str, Path)) else network
    if not hasattr(model, "layers"):
        raise TypeError(
            "Expected a world ('pocket' or 'vgg16'), a Keras model or the path of a .keras file. "
            f"Received: {network!r} ({type(network).__name__})."
        )
    outputs = int(linear_output(model).shape[-1])
    given = classes
    if classes is None:
        known = networks.class_names(network) if isinstance(network, (str, Path)) else ()
        classes = known or [f"class {index}" for index in range(outputs)]
    if len(classes) != outputs:
        raise ValueError(
            f"Expected {outputs} class names, one for each output of the network. Received: "
            f"{len(classes)}."
        )
    if image_bound is None and named:
        image_bound = networks.BOUNDS.get(str(network))
    if image_bound is None:
        raise ValueError(
            "Expected image_bound, which says how an own network takes pictures: 'unit' ([0, 1]), "
            "'signed' ([-1, 1]), 'bytes' ([0, 255]), 'caffe' or an ImageBound. Received none."
        )
    if images is None and not (named and str(network).startswith("pocket")):
        raise ValueError(
            "Expected images: a folder, a list of files, or an array (n, h, w, 3). Received none."
        )
    bound = as_bound(image_bound)
    return Subject(
        model,
        tuple(classes),
        bound,
        find_layer(model, layer).name if layer is not None else _middle(model),
        _album(images, model, classes),
        _loading(network if isinstance(network, (str, Path)) else None, bound, given),
    )


def _getting(world: World) -> str:
    """Lines that get a world; one of the user's own is named."""
    if world.name in _WORLDS:
        return f"from hwkit import load_world\n\nworld = load_world({quoted(world.name)})"
    return f"# world: your {type(world).__name__}"


def _album(images: Pictures | None, model: keras.Model, classes: Sequence[str]) -> Uploads:
    size = size_of(model)
    return Uploads(SceneAlbum() if images is None else album_of(images, size, classes), size)


def _loading(network: str | Path | None, bound: ImageBound, classes: Sequence[str] | None) -> str:
    """Lines that load an own network; one that only lives in the notebook is named."""
    if network is None:
        return (
            "# model, bound and classes: your Keras model, the ImageBound that says how it takes\n"
            "# pictures, and the names of its outputs"
        )
    names = f"networks.class_names({quoted(network)})" if classes is None else repr(tuple(classes))
    return (
        "from hwkit import networks\n"
        "from hwkit.images.bounds import ImageBound\n\n"
        f"model = networks.load({quoted(network)})\n"
        f"bound = {bound!r}\n"
        f"classes = {names}"
    )


def size_of(model: keras.Model) -> int:
    """Side of the square pictures that a network takes.

    Raises:
        ValueError: it takes something else.
    """
    shape = tuple(model.inputs[0].shape[1:])
    if len(shape) != 3 or shape[0] is None or shape[0] != shape[1] or shape[2] not in (1, 3):
        raise ValueError(
            "Expected a network that takes square pictures, (size, size, 3) or (size, size, 1). "
            f"Received one that takes {shape}. Build it with an input of a fixed size."
        )
    return int(shape[0])


def layers_of(model: keras.Model) -> tuple[str, ...]:
    """Names of the layers with channels or units, from first to last, without the output."""
    last = linear_output(model)
    return tuple(layer.name for layer in model.layers if _is_slice(model, layer, last))


def _is_slice(model: keras.Model, layer: Any, last: Any) -> bool:
    if type(layer).__name__ in _NO_SLICE:
        return False
    try:
        output = layer_output(model, layer.name)
    except ValueError:  # shared, or with several outputs: cannot be cut there
        return False
    outermost = (last, model.outputs[0])
    return len(output.shape) in (2, 4) and not any(output is each for each in outermost)


def _middle(model: keras.Model) -> str:
    """A convolution past the middle, where VGG16 has conv4_1; else any layer past the middle."""
    layers = layers_of(model)
    if not layers:
        raise ValueError(
            f"Expected a network with inner layers. Received: '{model.name}', which has none."
        )
    convolutions = [n for n in layers if type(model.get_layer(n)).__name__ in _CONVOLUTIONS]
    choices = convolutions or layers
    return choices[3 * len(choices) // 5]
