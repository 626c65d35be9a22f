"""Pictures of relevance: colour maps, heatmaps with the input's outline, sheets of them, figures.

``heatmap`` and ``tile`` make pictures of exact pixels to save or compare; ``show`` makes a figure
with titles and a colour bar to read.
"""

from hwkit.heatmaps.colour_maps import TOOLBOX_MAPS, colour_map
from hwkit.heatmaps.drawing import enlarge, heatmap, input_picture, outline
from hwkit.heatmaps.figure import show
from hwkit.heatmaps.scale import normalise, pool_channels
from hwkit.heatmaps.sheets import save, tile
from hwkit.heatmaps.superpixels import outlined, tinted

__all__ = [
    "TOOLBOX_MAPS",
    "colour_map",
    "enlarge",
    "heatmap",
    "input_picture",
    "normalise",
    "outline",
    "outlined",
    "pool_channels",
    "save",
    "show",
    "tile",
    "tinted",
]
