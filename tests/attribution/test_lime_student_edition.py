"""Where students write parts of LIME themselves, the package holds none of them but imports."""

from __future__ import annotations

from pathlib import Path

import pytest
from student_edition import assert_runs_without_answers

from autograder.stubs import stubbed
from hwkit.attribution import lime, ridge, superpixel_game

SCRIPT = """
import numpy as np
import hwkit
from hwkit import LIME
from hwkit.attribution import feature_selection, lime, ridge, superpixel_game, superpixels
from hwkit.attribution.image_explanation import ImageExplanation
from hwkit.attribution.masking import fill_of
from hwkit.images.bounds import UNIT

picture = np.random.default_rng(0).uniform(size=(8, 8, 3)).astype(np.float32)
segments = superpixels.blocks(2)(picture)
fill = fill_of(picture, segments)
Z = lime.draw(9, 4, seed=0)
y, weights = Z[:, 0] * 2.0, np.ones(9)

def scores(pictures):
    return pictures[:, 0, 0]

asked = {
    "masked": lambda: superpixel_game.masked(picture, segments, Z, fill),
    "a game": lambda: superpixel_game.SuperpixelGame(scores, picture, segments, fill).values(Z),
    "weighting_kernel": lambda: lime.weighting_kernel(Z, 0.25),
    "weighted_ridge": lambda: ridge.weighted_ridge(Z, y, weights),
    "unweighted": lambda: ridge.unweighted(Z, y, weights),
    "forward": lambda: feature_selection.select(Z, y, weights, 2, "forward"),
    "LIME": lambda: LIME(segments).explain_image(scores, picture),
}
for name, ask in asked.items():
    try:
        ask()
    except NotImplementedError as missing:
        assert "notebooks/surrogates/surrogates.ipynb" in str(missing), missing
    else:
        raise SystemExit(f"{name} still holds an answer")

# What students are given works on: superpixels, fills, pictures of weights, R^2.
shown, mask = ImageExplanation(picture, segments, (3,), np.eye(4, 1), None, UNIT).image_and_mask()
assert mask.sum() == 16
assert ridge.r_squared(y, y, weights) == 1
assert feature_selection.select(Z, y, weights, 2, "none").tolist() == [0, 1, 2, 3]
print("all of it works")
"""


@pytest.mark.slow
def test_without_the_answers(tmp_path: Path):
    assert_runs_without_answers(SCRIPT, "surrogates", tmp_path)


@pytest.mark.parametrize("module", [superpixel_game, lime, ridge])
def test_the_stubs_tell_no_formula(module):
    file = Path(module.__file__)
    text = stubbed(file.read_text(encoding="utf-8"), file.name, {"surrogates"})
    assert "NotImplementedError" in text
    for told in ("linalg", "np.repeat(segments", "np.exp(", "sqrt(shown"):
        assert told not in text
