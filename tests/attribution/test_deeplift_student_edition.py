"""Where DeepLIFT and guided backprop are answers to be given, everything else works."""

from __future__ import annotations

from pathlib import Path

import pytest
from student_edition import assert_runs_without_answers

from autograder.stubs import stubbed
from hwkit.attribution.relevance import multipliers, reveal_cancel

SCRIPT = """
import sys
import hwkit
from hwkit import LRP, DeepLIFT, Explanation
assert "tensorflow" not in sys.modules

import keras
import numpy as np
from keras import layers
from hwkit import quantities
from hwkit.attribution.gradients import Deconvnet, GradientTimesInput, GuidedBackprop
from hwkit.attribution.relevance import rules

x = source = layers.Input((8, 8, 2))
x = layers.Conv2D(4, 3, activation="relu")(x)
x = layers.MaxPooling2D(2)(x)
model = keras.Model(source, layers.Dense(3, use_bias=False)(layers.Flatten()(x)))
images = np.random.default_rng(0).normal(size=(4, 8, 8, 2)).astype(np.float32)
found = {
    type(method): Explanation(model, method).for_input().absolute(0).explain(images).attribution
    for method in (LRP(rules.zero()), GradientTimesInput(), Deconvnet())
}
np.testing.assert_allclose(found[LRP], found[GradientTimesInput], atol=1e-4)
for method in (DeepLIFT(), DeepLIFT("reveal-cancel", baseline=images[:2]), GuidedBackprop()):
    try:
        Explanation(model, method).for_input().absolute(0).explain(images)
    except NotImplementedError as missing:
        assert "notebooks/agreement/agreement.ipynb" in str(missing), missing
    else:
        raise SystemExit(f"{method} still holds an answer")
try:
    DeepLIFT("linear")  # arguments are still checked
except ValueError:
    pass
try:
    Explanation(model, DeepLIFT()).for_input().for_quantity(quantities.probability(0))
except ValueError:
    print("all of it works")
"""


@pytest.mark.slow
def test_without_the_answers(tmp_path: Path):
    assert_runs_without_answers(SCRIPT, "agreement", tmp_path)


@pytest.mark.parametrize("module", [multipliers, reveal_cancel])
def test_the_stubs_tell_no_formula(module):
    file = Path(module.__file__)
    text = stubbed(file.read_text(encoding="utf-8"), file.name, {"agreement"})
    for told in ("divide_no_nan", "GradientTape", "self._forward.gradient", "/ 2", "tf.where"):
        assert told not in text, told
