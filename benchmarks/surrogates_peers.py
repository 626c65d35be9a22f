"""What lime, shap and captum take, at the word of surrogates.py; runs in the peers' environment.

    python surrogates_peers.py NETWORK SAMPLES BATCH ROWS COLUMNS THREADS

Each line on the standard input names what is to be run; the answer is one line with the wall and
the CPU seconds. All explain one class of one picture, whose hidden superpixels are 0. Shap takes a
function of coalitions; it is given one that masks pictures in numpy, in batches.
"""

from __future__ import annotations

import logging
import os
import sys
import time
import warnings
from collections.abc import Callable

import numpy as np
import torch
import torchvision_operators  # noqa: F401, before torchvision
from lrp_vgg16 import CLASS, images
from torch import nn

warnings.filterwarnings("ignore")
logging.getLogger("shap").setLevel(logging.ERROR)
# What libraries print must not get between the answers.
answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)


def network(name: str) -> nn.Module:
    if name == "vgg16":
        import lrp_zennit

        return lrp_zennit.vgg16()
    if name == "mobilenet":
        from torchvision.models import mobilenet_v2

        return mobilenet_v2(weights=None).eval()
    pool = nn.AdaptiveAvgPool2d(1)
    chain = (nn.Conv2d(3, 16, 8, stride=8), nn.ReLU(), pool, nn.Flatten(), nn.Linear(16, 10))
    return nn.Sequential(*chain).eval()


def runs(
    name: str, samples: int, batch: int, rows: int, columns: int
) -> dict[str, Callable[[], object]]:
    import captum.attr
    import shap
    from lime.lime_image import LimeImageExplainer

    model, pictures = network(name), images(batch)
    picture = pictures[0]
    height, width = picture.shape[:2]
    segments = (np.arange(height) * rows // height)[:, np.newaxis] * columns
    segments = segments + np.arange(width) * columns // width

    def channels_first(batch: np.ndarray) -> torch.Tensor:
        return torch.from_numpy(np.asarray(batch, np.float32)).permute(0, 3, 1, 2)

    def predict(batch: np.ndarray) -> np.ndarray:
        with torch.inference_mode():
            return model(channels_first(batch)).numpy().astype(float)

    def forward() -> None:
        for start in range(0, samples, batch):
            predict(pictures[: samples - start])

    def lime() -> object:
        return LimeImageExplainer(random_state=0).explain_instance(
            picture.astype(float),
            lambda batch: predict(np.asarray(batch)),
            labels=(CLASS,),
            top_labels=None,
            hide_color=0,
            num_samples=samples,
            batch_size=batch,
            segmentation_fn=lambda _: segments,
        )

    def worth(Z: np.ndarray) -> np.ndarray:
        parts = []
        for start in range(0, len(Z), batch):
            shown = (Z[start : start + batch] > 0.5)[:, segments][..., np.newaxis]
            parts.append(predict(np.where(shown, picture, np.float32(0)))[:, CLASS])
        return np.concatenate(parts)

    def kernel_explainer() -> object:
        explainer = shap.KernelExplainer(worth, np.zeros((1, rows * columns)))
        ones = np.ones((1, rows * columns))
        return explainer.shap_values(ones, nsamples=samples, l1_reg=0, silent=True)

    def of_captum(method: type) -> Callable[[], object]:
        def explain() -> object:
            with torch.no_grad():
                return method(model).attribute(
                    channels_first(picture[np.newaxis]),
                    baselines=0,
                    target=CLASS,
                    feature_mask=torch.from_numpy(segments)[None, None],
                    n_samples=samples,
                    perturbations_per_eval=batch,
                )

        return explain

    return {
        "forward passes": forward,
        "lime": lime,
        "shap": kernel_explainer,
        "captum KernelSHAP": of_captum(captum.attr.KernelShap),
        "captum LIME": of_captum(captum.attr.Lime),
    }


def main(name: str, *numbers: str) -> None:
    samples, batch, rows, columns, threads = map(int, numbers)
    torch.set_num_threads(threads)
    run = runs(name, samples, batch, rows, columns)
    for line in sys.stdin:
        wall, cpu = time.perf_counter(), time.process_time()
        run[line.strip()]()
        print(time.perf_counter() - wall, time.process_time() - cpu, file=answers, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
