"""hwkit's and zennit's relevance on the same network, transplanted to torch.

Where they mean different things: zennit's alpha-beta hands alpha R to positive contributions where
there is no negative one, and so makes relevance up; hwkit hands R.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import numpy as np
import pytest
from peer_bridge import Request, ask

from hwkit import LRP, Explanation, networks
from hwkit.attribution.relevance import composites, rules
from hwkit.attribution.relevance.composites import Composite
from hwkit.images.bounds import CAFFE
from hwkit.images.scenes import CLASSES, draw

LOW, HIGH = -150.0, 160.0
CAR, CONVERTIBLE = CLASSES.index("sports car"), CLASSES.index("convertible")
COMPOSITES = {
    "epsilon": composites.uniform(rules.epsilon(0.25)),
    "epsilon, no bias": composites.uniform(rules.epsilon(0.25, bias=False)),
    "gamma": composites.uniform(rules.gamma(0.5)),
    "alpha-beta": composites.uniform(rules.alpha_beta(2, 1)),
    "z+": composites.uniform(rules.z_plus(bias=True)),
    "flat": composites.uniform(rules.flat()),
    "w^2": composites.uniform(rules.w_squared()),
    "epsilon-gamma-box": Composite(
        rules.epsilon(0.25), {"conv": rules.gamma(0.25)}, rules.z_box(LOW, HIGH)
    ),
}


@pytest.fixture(scope="module")
def pictures() -> np.ndarray:
    drawn = [draw(name, seed, size=96).image for name, seed in (("sports car", 1), ("daisy", 2))]
    return CAFFE.from_rgb(np.stack(drawn))


@pytest.fixture(scope="module")
def answers(pictures, tmp_path_factory) -> dict[str, np.ndarray]:
    python = os.environ.get("HWKIT_PEERS_PYTHON")
    if not python:
        pytest.skip("HWKIT_PEERS_PYTHON does not name a Python with torch and zennit")
    if shutil.which(python) is None:
        pytest.fail(f"HWKIT_PEERS_PYTHON names no program: {python}")
    weights = tuple(float(k == CAR) - float(k == CONVERTIBLE) for k in range(len(CLASSES)))
    requests = [
        Request(name, "pocket", "lrp", weights, rule=name, dtype="float64") for name in COMPOSITES
    ]
    folder: Path = tmp_path_factory.mktemp("zennit")
    return ask(python, folder, {"pocket": (networks.load("pocket"), pictures)}, requests)


@pytest.mark.parametrize("name", COMPOSITES)
def test_relevance_of_the_pixels(name, answers, pictures):
    explanation = Explanation(networks.load("pocket"), LRP(COMPOSITES[name]))
    found = explanation.for_input().comparative(CAR, CONVERTIBLE).explain(pictures).attribution
    scale = np.abs(answers[name]).max()
    assert np.abs(found - answers[name]).max() < 1e-5 * scale
