"""Where the rules are answers that students are to give, everything else works, by own rules."""

from __future__ import annotations

from pathlib import Path

import pytest
from student_edition import assert_runs_without_answers

from autograder.stubs import stubbed
from hwkit.attribution.relevance import rules

SCRIPT = """
import sys
from hwkit.attribution.relevance import composites, rules  # imports no TensorFlow
from hwkit.attribution.lrp import LRP
assert "tensorflow" not in sys.modules

calls = {
    "zero": (), "epsilon": (0.01,), "gamma": (0.25,), "alpha_beta": (2, 1), "z_plus": (),
    "flat": (), "w_squared": (), "z_box": (0, 1),
}
for name, arguments in calls.items():
    try:
        getattr(rules, name)(*arguments)
    except NotImplementedError as missing:
        assert "notebooks/lrp/lrp.ipynb" in str(missing), missing
    else:
        raise SystemExit(f"{name} still holds an answer")
for make in (LRP, composites.epsilon_plus, composites.deep_taylor):
    try:
        make()
    except NotImplementedError:
        continue
    raise SystemExit(f"{make} knows a rule")
try:
    rules.z_box(1, 0)  # arguments are still checked
except ValueError:
    pass

import keras
import numpy as np
from keras import layers
from hwkit import Explanation
from hwkit.attribution.relevance.composites import Composite

x = source = layers.Input((8, 8, 2))
x = layers.Conv2D(4, 3, padding="same", activation="relu", name="first")(x)
y = layers.BatchNormalization()(x)
y = layers.Conv2D(4, 3, padding="same", activation="relu")(y)
x = layers.Add()([x, y])
x = layers.AveragePooling2D(2)(x)
x = layers.MaxPooling2D(2)(x)
model = keras.Model(source, layers.Dense(3, use_bias=False)(layers.Flatten()(x)))

def mine(layer, x, R):
    z = layer.forward(x, layer.w) + layer.b
    s = np.divide(R, z, out=np.zeros_like(z), where=z != 0)
    return x * layer.backward(s, layer.w)

images = np.random.default_rng(0).normal(size=(4, 8, 8, 2)).astype(np.float32)
for composite in (rules.own(mine), Composite(rules.own(mine), {"conv": rules.own(mine)})):
    method = Explanation(model, LRP(composite)).for_input().absolute(0).method
    traced = method.trace(images)
    total = traced.relevance["input"].reshape(4, -1).sum(axis=1)
    np.testing.assert_allclose(total, traced.outputs[:, 0], rtol=1e-3, atol=1e-4)
print("all of it works")
"""


@pytest.mark.slow
def test_without_the_answers(tmp_path: Path):
    assert_runs_without_answers(SCRIPT, "lrp", tmp_path)


def test_the_stubs_tell_no_formula():
    text = stubbed(Path(rules.__file__).read_text(encoding="utf-8"), "rules.py", {"lrp"})
    assert "_positive" not in text and "np.square" not in text
