"""Full-size networks: VGG16 at 224 x 224 in bounded memory, and the real GoogLeNet on photos."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import numpy as np
import pytest

DATA = os.environ.get("HWKIT_DATA")
real = pytest.mark.skipif(
    DATA is None, reason="HWKIT_DATA names no folder with real networks and photos"
)


def test_vgg16_is_explained_within_four_gibibytes():
    """In a process of its own, whose peak memory the system tells."""
    script = """
        import numpy as np
        from toolbox_tools import peak_megabytes
        from hwkit import AumannShapley, Explanation, networks
        from hwkit.ranking import top_neurons

        model = networks.load("vgg16", weights=None)
        photos = np.random.default_rng(0).normal(0, 60, (2, 224, 224, 3)).astype(np.float32)
        explanation = Explanation(model, AumannShapley(3, "midpoint", progress=False))
        pixels = explanation.for_input().absolute(817).explain(photos, False)
        assert pixels.attribution.shape == (2, 224, 224, 3)
        neurons = explanation.for_layer("conv4_1").comparative(817, 511).explain(photos, False)
        assert neurons.attribution.shape == (2, 28, 28, 512)
        assert len(set(top_neurons(neurons.attribution, 10).tolist())) == 10
        assert np.isfinite(pixels.attribution).all() and np.abs(pixels.attribution).sum() > 0
        few, many = (
            explanation.with_method(AumannShapley(n)).for_input().absolute(0).method.stream.batch
            for n in (50, 1000)
        )
        assert few == many
        print(peak_megabytes())
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parent / "networks")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < 4 * 2**10


@pytest.fixture(scope="module")
def googlenet():
    sys.path.insert(0, str(Path(DATA) / "networks"))
    try:
        import googlenet
    finally:
        sys.path.pop(0)
    return googlenet.load(), googlenet.preprocess


@real
@pytest.mark.parametrize("layer", [None, "inception_4c_output", "inception_4c_5x5"])
def test_googlenet_explains_a_real_starfish(googlenet, layer):
    """At the input, at a clean cut and inside a module, whose other branches go round the slice."""
    from PIL import Image

    from hwkit import AumannShapley, Explanation

    model, preprocess = googlenet
    photo = preprocess(Image.open(sorted((Path(DATA) / "photos" / "starfish").iterdir())[0]))
    method = AumannShapley(16, "midpoint", progress=False)
    explanation = Explanation(model, method)
    question = explanation.for_input() if layer is None else explanation.for_layer(layer)
    found = question.absolute(327).explain(photo, ignore_difference_term=False)
    assert np.isfinite(found.attribution).all()
    assert found.completeness_error < 0.25
    assert found.error_estimate < 0.5
