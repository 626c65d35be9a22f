"""Answers requests with captum's and shap's DeepLIFT; runs in the peers' environment.

    python peer_deeplift.py REQUESTS.npz ANSWERS.npz

The job holds "networks": by name the layers of a chain (see peer_bridge.py), or the name of a
network of this file; and "requests". Weights, instances and references are arrays NETWORK/... as
in peer_bridge.py. Arrays are channels last outside, channels first in here; all is computed in
float64. What a library refuses is answered with NaN.
"""

from __future__ import annotations

import json
import sys
import warnings

import captum.attr
import numpy as np
import peer_torch
import shap
import torch
from torch import nn

warnings.filterwarnings("ignore")
Arrays = np.lib.npyio.NpzFile


class Joined(nn.Module):
    """Three dense layers with ReLUs between them.

    Args:
        arrays: holds the weights.
        name: of the network.
        around: add to the second layer's output what it reads.
        reused: one ReLU module is used at both places, as torchvision's networks do.
    """

    def __init__(self, arrays: Arrays, name: str, around: bool, reused: bool) -> None:
        super().__init__()
        for layer in ("first", "second", "scores"):
            kernel = torch.from_numpy(arrays[f"{name}/{layer}/kernel"])
            linear = nn.Linear(*kernel.shape)
            linear.weight = nn.Parameter(kernel.T.contiguous())
            linear.bias = nn.Parameter(torch.from_numpy(arrays[f"{name}/{layer}/bias"]))
            setattr(self, layer, linear)
        self.relu = nn.ReLU()
        self.other = self.relu if reused else nn.ReLU()
        self.around = around

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        hidden = self.relu(self.first(x))
        onward = self.second(hidden)
        return self.scores(self.other(hidden + onward if self.around else onward))


JOINED = {  # whether there is a sum, and whether the ReLU is one module
    "reused": (False, True),
    "residual": (True, False),
    "residual, reused": (True, True),
}


def build(described: list[dict] | str, arrays: Arrays, name: str) -> nn.Module:
    """A network in float64."""
    if isinstance(described, str):
        network = Joined(arrays, name, *JOINED[described])
    else:
        network = peer_torch.build(described, arrays, name)
    return network.eval().double()


def with_captum(network: nn.Module, x: torch.Tensor, r: torch.Tensor, c: int) -> torch.Tensor:
    """DeepLift from one reference, DeepLiftShap from several."""
    method = captum.attr.DeepLift if len(r) == 1 else captum.attr.DeepLiftShap
    return method(network).attribute(x, r, target=c).detach()


def with_shap(network: nn.Module, x: torch.Tensor, r: torch.Tensor, c: int) -> torch.Tensor:
    """DeepExplainer; whether it adds up is for the other side to say."""
    found = shap.DeepExplainer(network, r).shap_values(x, check_additivity=False)
    return torch.as_tensor(np.asarray(found)[..., c])


LIBRARIES = {"captum": with_captum, "shap": with_shap}


def tensor(array: np.ndarray) -> torch.Tensor:
    found = torch.from_numpy(array).double()
    return found.permute(0, 3, 1, 2).contiguous() if found.ndim == 4 else found


def main(requests_file: str, answers_file: str) -> None:
    torch.set_num_threads(1)
    answers = {}
    with np.load(requests_file, allow_pickle=False) as arrays:
        job = json.loads(arrays["job"].tobytes())
        for name, described in job["networks"].items():
            for request in job["requests"]:
                x, r = (
                    tensor(arrays[f"{name}/{which}"])
                    for which in ("instances", f"references {request['references']}")
                )
                explain = LIBRARIES[request["library"]]
                try:
                    found = explain(build(described, arrays, name), x, r, request["class"])
                except RuntimeError as refused:
                    if "used more than once" not in str(refused):
                        raise
                    found = torch.full_like(x, torch.nan)
                found = found.permute(0, 2, 3, 1) if found.ndim == 4 else found
                answers[f"{name} {request['library']} {request['references']}"] = found.numpy()
    np.savez(answers_file, **answers)


if __name__ == "__main__":
    main(*sys.argv[1:])
