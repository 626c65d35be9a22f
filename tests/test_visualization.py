"""Pictures of attributions whose values are known."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from hwkit.explanation import ExplanationData
from hwkit.visualization import (
    AttributionMask,
    Overlay,
    SignedHeatmap,
    VisualizerTiler,
    mask_of,
    panels,
    pixel_influence,
    show_heatmap,
    tile,
)

# Sums over the colours: 4, -2, 0, 1.
ATTRIBUTION = np.array([[[1.0, 1, 2], [-1, -2, 1]], [[3, -3, 0], [0.5, 0.5, 0]]])
INSTANCE = np.array([[[1.0, 0, 0], [0, 1, 0]], [[0, 0, 1], [1, 1, 1]]])


def explanation(attribution=ATTRIBUTION, instance=INSTANCE, **options) -> ExplanationData:
    data = {"quantity": "class 3", "completeness_error": 0.0}
    return ExplanationData(attribution, instance, **{**data, **options})


# Numbers -----------------------------------------------------------------------------------------


def test_one_number_a_pixel():
    np.testing.assert_array_equal(pixel_influence(ATTRIBUTION), [[4, 2], [0, 1]])
    np.testing.assert_array_equal(pixel_influence(ATTRIBUTION, signed=True), [[4, -2], [0, 1]])
    several = pixel_influence(np.stack([ATTRIBUTION, 2 * ATTRIBUTION]))
    np.testing.assert_array_equal(several[1], [[8, 4], [0, 2]])


@pytest.mark.parametrize("shape", [(4, 4, 64), (4, 4), (1, 2, 4, 4, 3)])
def test_only_pictures_have_pixels(shape):
    with pytest.raises(ValueError, match=r"attributions of a picture.*channel\(layer, index\)"):
        pixel_influence(np.zeros(shape))


def test_the_mask_is_the_strength_over_the_full_strength():
    np.testing.assert_array_equal(mask_of(ATTRIBUTION, percentile=100), [[1, 0.5], [0, 0.25]])
    # The median of 0, 1, 2, 4 is 1.5: everything from there on is full.
    np.testing.assert_allclose(mask_of(ATTRIBUTION, percentile=50), [[1, 1], [0, 1 / 1.5]])


def test_the_threshold_darkens_what_is_below():
    got = mask_of(ATTRIBUTION, percentile=100, threshold=0.5)
    np.testing.assert_array_equal(got, [[1, 0.5], [0, 0]])


def test_no_attribution_gives_a_dark_mask():
    assert (mask_of(np.zeros((3, 3, 3))) == 0).all()


def test_a_few_bright_pixels_among_nothing_are_still_seen():
    single = np.zeros((20, 20, 3))
    single[4, 5, 0] = 7  # the 99th percentile is zero
    mask = mask_of(single)
    assert mask[4, 5] == 1 and mask.sum() == 1


def test_blurring_spreads_and_keeps_the_sum():
    single = np.zeros((41, 41, 3))
    single[20, 20] = [1, 1, 1]
    sharp, soft = (mask_of(single, blur, percentile=100) for blur in (0, 3.0))
    assert sharp.sum() == 1
    # A Gaussian of height 1 and deviation 3 has the area 2 pi 3^2.
    assert soft.sum() == pytest.approx(2 * np.pi * 9, rel=0.01)
    assert soft[20, 23] == pytest.approx(np.exp(-0.5), rel=0.01)


@pytest.mark.parametrize(
    "options", [{"blur": -1}, {"threshold": 1}, {"threshold": -0.1}, {"percentile": 0}]
)
def test_masks_out_of_range(options):
    with pytest.raises(ValueError, match=r"blur >= 0, 0 <= threshold < 1"):
        mask_of(ATTRIBUTION, **options)


# Pictures ----------------------------------------------------------------------------------------


def test_the_attribution_mask_lights_the_picture():
    picture = AttributionMask(percentile=100).visualize(explanation(), "unit")
    expected = [[[1, 0, 0], [0, 0.5, 0]], [[0, 0, 0], [0.25, 0.25, 0.25]]]
    np.testing.assert_allclose(picture, expected)


def test_the_picture_is_shown_in_its_own_colours():
    caffe = np.array([[[255 - 103.939, -116.779, -123.68]]])  # full blue, BGR
    data = explanation(np.ones((1, 1, 3)), caffe)
    np.testing.assert_allclose(AttributionMask().visualize(data), [[[0, 0, 1]]], atol=1e-6)
    np.testing.assert_allclose(
        AttributionMask().visualize(explanation(np.ones((1, 1, 3)), np.zeros((1, 1, 3))), (-1, 1)),
        [[[0.5, 0.5, 0.5]]],
    )


def test_the_overlay_is_grey_where_nothing_matters_and_glows_where_it_does():
    picture = Overlay(blur=0, threshold=0.3, percentile=100).visualize(explanation(), "unit")
    np.testing.assert_allclose(picture[1, 0], [1 / 3] * 3)  # no attribution: its grey
    np.testing.assert_allclose(picture[1, 1], [1, 1, 1])  # below the threshold
    glow = np.array(plt.get_cmap("inferno")(1.0)[:3])
    np.testing.assert_allclose(picture[0, 0], 0.2 / 3 + 0.8 * glow)


def test_signed_colours_are_the_scales_ends_and_middle():
    colours = plt.get_cmap("RdBu_r")
    picture = SignedHeatmap(limit=2).visualize(explanation(), "unit")
    np.testing.assert_allclose(picture[0, 0], colours(1.0)[:3])  # 4, beyond the limit
    np.testing.assert_allclose(picture[0, 1], colours(0.0)[:3])  # -2
    np.testing.assert_allclose(picture[1, 0], colours(0.5)[:3])  # 0
    np.testing.assert_allclose(picture[1, 1], colours(0.75)[:3])  # 1
    assert picture[0, 0][0] > picture[0, 0][2] and picture[0, 1][2] > picture[0, 1][0]  # red, blue


def test_without_a_limit_the_strongest_pixels_are_full():
    strong = np.zeros((30, 30, 3))
    strong[:15], strong[15:] = 1 / 3, -1 / 3
    picture = SignedHeatmap().visualize(explanation(strong, np.zeros_like(strong)), "unit")
    np.testing.assert_allclose(picture[0, 0], plt.get_cmap("RdBu_r")(1.0)[:3])
    np.testing.assert_allclose(picture[29, 29], plt.get_cmap("RdBu_r")(0.0)[:3])
    nothing = SignedHeatmap().visualize(explanation(0 * strong, strong), "unit")
    np.testing.assert_allclose(nothing[0, 0], plt.get_cmap("RdBu_r")(0.5)[:3])


@pytest.mark.parametrize("visualizer", [AttributionMask(), Overlay(), SignedHeatmap()])
def test_pictures_are_rgb_between_0_and_1(visualizer):
    rng = np.random.default_rng(0)
    data = explanation(rng.normal(size=(16, 16, 3)), rng.normal(0, 200, (16, 16, 3)))
    picture = visualizer.visualize(data, "caffe")
    assert picture.shape == (16, 16, 3) and picture.min() >= 0 and picture.max() <= 1


@pytest.mark.parametrize("visualizer", [AttributionMask(), Overlay(), SignedHeatmap()])
def test_a_slice_is_no_picture(visualizer):
    for attribution in (np.ones((2, 2, 64)), np.ones((1, 1, 3)), np.ones((2, 2, 4))):
        data = explanation(attribution, layer="block4_conv1")
        with pytest.raises(ValueError, match=r"terms of the input.*at 'block4_conv1'.*channel\("):
            visualizer.visualize(data)


def test_several_instances_are_no_single_picture():
    several = explanation(
        np.stack([ATTRIBUTION] * 2), np.stack([INSTANCE] * 2), completeness_error=np.zeros(2)
    )
    with pytest.raises(ValueError, match=r"one instance. Received: one of 2.*explanation\[i\]"):
        AttributionMask().visualize(several)


# Figures -----------------------------------------------------------------------------------------


def drawn(figure) -> list:
    return [axis for axis in figure.axes if axis.images]


def test_the_tiler_shows_each_explanation_through_the_visualizer():
    data = [explanation(quantity="class 3"), explanation(2 * ATTRIBUTION, quantity="class 5")]
    figure = VisualizerTiler(AttributionMask(percentile=100)).visualize(data, "unit", caption="Car")
    first, second = drawn(figure)
    assert [axis.get_title() for axis in (first, second)] == ["class 3", "class 5"]
    assert figure.get_suptitle() == "Car"
    expected = AttributionMask(percentile=100).visualize(data[0], "unit")
    np.testing.assert_allclose(first.images[0].get_array(), expected)
    assert first.images[0].get_interpolation() == "nearest"


def test_the_tiler_takes_one_explanation_or_one_of_several():
    tiler = VisualizerTiler()
    assert len(drawn(tiler.visualize(explanation(), "unit"))) == 1
    several = explanation(
        np.stack([ATTRIBUTION] * 3), np.stack([INSTANCE] * 3), completeness_error=np.zeros(3)
    )
    figure = tiler.visualize(several, "unit", titles=["a", "b", "c"])
    assert [axis.get_title() for axis in drawn(figure)] == ["a", "b", "c"]


def test_a_students_visualizer_is_used():
    class Inverted:
        def visualize(self, explanation, image_bound):
            return 1 - AttributionMask(percentile=100).visualize(explanation, image_bound)

    (axis,) = drawn(VisualizerTiler(Inverted()).visualize(explanation(), "unit"))
    np.testing.assert_allclose(axis.images[0].get_array()[0, 0], [0, 1, 1])


@pytest.mark.parametrize(
    ("count", "shape", "grid"), [(3, None, (1, 3)), (8, None, (2, 6)), (4, (2, 2), (2, 2))]
)
def test_the_shape_of_the_grid(count, shape, grid):
    figure = tile([INSTANCE] * count, [str(i) for i in range(count)], shape)
    assert figure.axes[0].get_gridspec().get_geometry() == grid
    assert len(drawn(figure)) == count


def test_figures_that_cannot_be_tiled():
    with pytest.raises(ValueError, match=r"room for 3 pictures.*\(1, 2\)"):
        tile([INSTANCE] * 3, ["a", "b", "c"], (1, 2))
    with pytest.raises(ValueError, match=r"title for each picture. Received: 2 and 1"):
        tile([INSTANCE] * 2, ["a"])
    with pytest.raises(ValueError, match="title for each"):
        tile([], [])


def test_figures_are_shown_once():
    before = plt.get_fignums()
    tile([INSTANCE], ["a"])
    assert plt.get_fignums() == before


def test_a_heatmap_has_a_scale_that_its_limit_sets():
    figure, axes = panels(1, 2, "Maps")
    show_heatmap(axes[0, 0], np.array([[1.0, -3], [0, 2]]), limit=2, title="channel 17")
    image = axes[0, 0].images[0]
    assert image.get_clim() == (-2, 2) and image.get_interpolation() == "nearest"
    assert axes[0, 0].get_title() == "channel 17"
    assert "attribution" in [axis.get_ylabel() for axis in figure.axes]  # the scale's
