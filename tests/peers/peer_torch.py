"""Answers requests with captum and zennit; runs in the peers' environment (no TensorFlow).

    python peer_torch.py REQUESTS.npz ANSWERS.npz

The format of both files is told in peer_bridge.py. Arrays are channels last outside, channels first
in here.
"""

from __future__ import annotations

import json
import sys
from collections import OrderedDict
from functools import partial

import numpy as np
import torch
import torchvision_operators  # noqa: F401, before zennit
from captum.attr import (
    IntegratedGradients,
    LayerConductance,
    LayerIntegratedGradients,
    NeuronIntegratedGradients,
    Saliency,
)
from torch import nn
from zennit import rules
from zennit.attribution import Gradient
from zennit.composites import LayerMapComposite, SpecialFirstLayerMapComposite

TINY = 1e-12  # zennit stabilises every rule
LOW, HIGH = -150.0, 160.0  # as in test_zennit.py
LRP_RULES = {
    "epsilon": lambda: rules.Epsilon(0.25),
    "epsilon, no bias": lambda: rules.Epsilon(0.25, zero_params="bias"),
    "gamma": lambda: rules.Gamma(0.5, stabilizer=TINY),
    "alpha-beta": lambda: rules.AlphaBeta(2, 1, stabilizer=TINY),
    "z+": lambda: rules.ZPlus(stabilizer=TINY),
    "flat": lambda: rules.Flat(stabilizer=TINY),
    "w^2": lambda: rules.WSquare(stabilizer=TINY, zero_params="bias"),
}
ACTIVATIONS = {
    "linear": nn.Identity,
    "relu": nn.ReLU,
    "softplus": nn.Softplus,
    "tanh": nn.Tanh,
    "sigmoid": nn.Sigmoid,
    "elu": nn.ELU,
    "leaky_relu": partial(nn.LeakyReLU, 0.2),
}


class FlattenChannelsLast(nn.Module):
    """Flattens in the order of channels-last arrays, as the transplanted dense weights expect."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x.permute(0, 2, 3, 1).flatten(1)


class Quantity(nn.Module):
    """A weighted sum of a network's outputs: one number for each instance."""

    def __init__(self, network: nn.Module, weights: torch.Tensor) -> None:
        super().__init__()
        self.network = network
        self.weights = weights

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.network(x) @ self.weights


def build(layers: list[dict], arrays: np.lib.npyio.NpzFile, name: str) -> nn.Sequential:
    """The network, each Keras layer one module of the same name with its activation inside."""
    modules: OrderedDict[str, nn.Module] = OrderedDict()
    for layer in layers:
        kind = layer["kind"]
        if kind == "Flatten":
            modules[layer["name"]] = FlattenChannelsLast()
        elif kind == "MaxPooling2D":
            modules[layer["name"]] = nn.MaxPool2d(layer["size"], layer["strides"])
        else:
            kernel = torch.from_numpy(arrays[f"{name}/{layer['name']}/kernel"])
            bias = torch.from_numpy(arrays[f"{name}/{layer['name']}/bias"])
            inner: nn.Module
            if kind == "Conv2D":
                height, width, inputs, outputs = kernel.shape
                inner = nn.Conv2d(
                    inputs, outputs, (height, width), layer["strides"], padding=layer["padding"]
                )
                inner.weight = nn.Parameter(kernel.permute(3, 2, 0, 1).contiguous())
            elif kind == "Dense":
                inner = nn.Linear(*kernel.shape)
                inner.weight = nn.Parameter(kernel.T.contiguous())
            else:
                raise ValueError(
                    f"Expected Conv2D, Dense, MaxPooling2D or Flatten. Received: {kind}"
                )
            inner.bias = nn.Parameter(bias)
            modules[layer["name"]] = nn.Sequential(inner, ACTIVATIONS[layer["activation"]]())
    return nn.Sequential(modules).eval()


def composite_of(name: str) -> LayerMapComposite:
    """Zennit's composite: one rule for all layers, or epsilon-gamma-box."""
    activations = (nn.ReLU, rules.Pass())
    if name == "epsilon-gamma-box":
        maps = [activations, (nn.Conv2d, rules.Gamma(0.25, stabilizer=TINY))]
        maps.append((nn.Linear, rules.Epsilon(0.25)))
        box = rules.ZBox(LOW, HIGH, stabilizer=TINY)
        return SpecialFirstLayerMapComposite(maps, [(nn.Conv2d, box)])
    return LayerMapComposite([activations, ((nn.Conv2d, nn.Linear), LRP_RULES[name]())])


def answer(request: dict, network: nn.Sequential, x: torch.Tensor) -> torch.Tensor:
    """The attribution that a request asks for."""
    weights = torch.tensor(request["weights"], dtype=x.dtype)
    whole = Quantity(network, weights)
    options = {"n_steps": request["steps"], "method": request["rule"], "internal_batch_size": 64}
    names = list(network._modules)
    layer = request["layer"]
    kind = request["kind"]
    if kind == "activations":
        return network[: names.index(layer) + 1](x)
    if kind == "outputs":
        return network(x)
    if kind == "lrp":
        with Gradient(network, composite_of(request["rule"])) as attributor:
            return attributor(x, lambda output: output * weights)[1]
    if kind == "saliency":
        return Saliency(whole).attribute(x, abs=False)
    if kind == "integrated_gradients":
        # The path runs in the slice from zeros there: the network is split by hand.
        start = 0 if layer is None else names.index(layer) + 1
        point = network[:start](x).detach() if start else x
        tail = Quantity(network[start:], weights)
        method = IntegratedGradients(tail, multiply_by_inputs=request["difference"])
        return method.attribute(point, baselines=torch.zeros_like(point), **options)
    module = getattr(network, layer)
    zeros = torch.zeros_like(x)
    if kind == "layer_integrated_gradients":
        return LayerIntegratedGradients(whole, module).attribute(x, baselines=zeros, **options)
    if kind == "layer_conductance":
        return LayerConductance(whole, module).attribute(x, baselines=zeros, **options)
    if kind == "neuron_integrated_gradients":
        channel = request["channel"]
        return NeuronIntegratedGradients(network, module).attribute(
            x, lambda maps: maps[:, channel].sum((1, 2)), baselines=zeros, **options
        )
    raise ValueError(f"Received a request of unknown kind: {kind}")


def main(requests_file: str, answers_file: str) -> None:
    torch.set_num_threads(1)  # more would wait for each other where other work is running
    with np.load(requests_file, allow_pickle=False) as arrays:
        job = json.loads(arrays["job"].tobytes())
        answers = {}
        for request in job["requests"]:
            dtype = getattr(torch, request["dtype"])
            network = build(job["networks"][request["network"]], arrays, request["network"])
            x = torch.from_numpy(arrays[f"{request['network']}/instances"])
            if x.ndim == 4:
                x = x.permute(0, 3, 1, 2)
            result = answer(request, network.to(dtype), x.to(dtype).contiguous()).detach()
            if result.ndim == 4:
                result = result.permute(0, 2, 3, 1)
            answers[request["name"]] = result.numpy()
    np.savez(answers_file, **answers)


if __name__ == "__main__":
    main(*sys.argv[1:])
