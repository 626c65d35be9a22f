"""What lime, shap and captum take, at the word of surrogates.py; runs in the peers' environment.

    python surrogates_peers.py NETWORK BATCH ROWS COLUMNS THREADS

Each line on the standard input says how many samples are to be drawn, and by what; the answer is
one line with the wall and the CPU seconds. All explain one class of one picture, whose hidden
superpixels are 0. Shap takes a function of coalitions; it is given one that masks pictures in
numpy, in batches.
"""

from __future__ import annotations

import logging
import os
import sys
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial

import captum.attr
import numpy as np
import shap
import torch
import torchvision_operators  # noqa: F401, before torchvision
from lime.lime_image import LimeImageExplainer
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


@dataclass(frozen=True)
class Task:
    """A network, a picture and its superpixels; every method explains CLASS."""

    model: nn.Module
    pictures: np.ndarray
    """A batch of them (batch, height, width, 3); the first is explained."""
    rows: int
    columns: int

    @cached_property
    def segments(self) -> np.ndarray:
        height, width = self.pictures.shape[1:3]
        across = (np.arange(height) * self.rows // height)[:, np.newaxis] * self.columns
        return across + np.arange(width) * self.columns // width

    def predict(self, batch: np.ndarray) -> np.ndarray:
        with torch.inference_mode():
            return self.model(channels_first(batch)).numpy().astype(float)

    def forward(self, samples: int) -> None:
        for start in range(0, samples, len(self.pictures)):
            self.predict(self.pictures[: samples - start])

    def lime(self, samples: int) -> None:
        LimeImageExplainer(random_state=0).explain_instance(
            self.pictures[0].astype(float),
            self.predict,
            labels=(CLASS,),
            top_labels=None,
            hide_color=0,
            num_samples=samples,
            batch_size=len(self.pictures),
            segmentation_fn=lambda _: self.segments,
        )

    def shap(self, samples: int) -> None:
        players = self.rows * self.columns
        explainer = shap.KernelExplainer(self._worth, np.zeros((1, players)))
        explainer.shap_values(np.ones((1, players)), nsamples=samples, l1_reg=0, silent=True)

    def captum(self, method: type, samples: int) -> None:
        with torch.no_grad():
            method(self.model).attribute(
                channels_first(self.pictures[:1]),
                baselines=0,
                target=CLASS,
                feature_mask=torch.from_numpy(self.segments)[None, None],
                n_samples=samples,
                perturbations_per_eval=len(self.pictures),
            )

    def _worth(self, Z: np.ndarray) -> np.ndarray:
        parts = []
        for start in range(0, len(Z), len(self.pictures)):
            some = Z[start : start + len(self.pictures)]
            shown = (some > 0.5)[:, self.segments][..., np.newaxis]
            parts.append(self.predict(np.where(shown, self.pictures[0], np.float32(0)))[:, CLASS])
        return np.concatenate(parts)


def channels_first(batch: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(np.asarray(batch, np.float32)).permute(0, 3, 1, 2)


def main(name: str, *numbers: str) -> None:
    batch, rows, columns, threads = map(int, numbers)
    torch.set_num_threads(threads)
    task = Task(network(name), images(batch), rows, columns)
    run: dict[str, Callable[[int], None]] = {
        "forward passes": task.forward,
        "lime": task.lime,
        "shap": task.shap,
        "captum KernelSHAP": partial(task.captum, captum.attr.KernelShap),
        "captum LIME": partial(task.captum, captum.attr.Lime),
    }
    for line in sys.stdin:
        samples, method = line.strip().split(maxsplit=1)
        wall, cpu = time.perf_counter(), time.process_time()
        run[method](int(samples))
        print(time.perf_counter() - wall, time.process_time() - cpu, file=answers, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
