"""Zennit's epsilon-gamma-box on VGG16, at the word of lrp.py; runs in the peers' environment.

    python lrp_zennit.py IMAGES THREADS HEATMAPS.npy

Each line on the standard input is a batch size: all images are explained, that many at once, and
the answer is one line with the wall and the CPU seconds. At the end of the input, the last heatmaps
are saved.
"""

from __future__ import annotations

import sys
import time

import numpy as np
import torch
import torchvision_operators  # noqa: F401, before zennit
from lrp_vgg16 import BLOCKS, CLASS, HIGH, LOW, images, weights
from torch import nn
from zennit.attribution import Gradient
from zennit.composites import EpsilonGammaBox


class FlattenChannelsLast(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x.permute(0, 2, 3, 1).flatten(1)


def vgg16() -> nn.Sequential:
    layers: list[nn.Module] = []
    values = iter(weights())
    before = 3
    for block in BLOCKS:
        for channels in block:
            convolution = nn.Conv2d(before, channels, 3, padding=1)
            kernel, bias = map(torch.from_numpy, next(values))
            convolution.weight = nn.Parameter(kernel.permute(3, 2, 0, 1).contiguous())
            convolution.bias = nn.Parameter(bias)
            layers += [convolution, nn.ReLU()]
            before = channels
        layers.append(nn.MaxPool2d(2))
    layers.append(FlattenChannelsLast())
    for kernel, bias in values:
        dense = nn.Linear(*kernel.shape)
        dense.weight = nn.Parameter(torch.from_numpy(kernel).T.contiguous())
        dense.bias = nn.Parameter(torch.from_numpy(bias))
        layers += [dense, nn.ReLU()]
    return nn.Sequential(*layers[:-1]).eval()


def main(count: int, threads: int, heatmaps: str) -> None:
    torch.set_num_threads(threads)
    network = vgg16()
    x = torch.from_numpy(images(count)).permute(0, 3, 1, 2).contiguous()
    of_class = torch.zeros(1000)
    of_class[CLASS] = 1
    relevance = []
    with Gradient(network, EpsilonGammaBox(low=LOW, high=HIGH)) as attributor:
        for line in sys.stdin:
            wall, cpu = time.perf_counter(), time.process_time()
            relevance = [
                attributor(batch, lambda output: output * of_class)[1]
                for batch in x.split(int(line))
            ]
            print(time.perf_counter() - wall, time.process_time() - cpu, flush=True)
    np.save(heatmaps, torch.cat(relevance).permute(0, 2, 3, 1).numpy())


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
