"""What shap and captum say of games: runs in the peers' environment, without hwkit and TensorFlow.

The games are played by the other side, so that all libraries ask the same functions. Lines of JSON
on the standard input are requests: "method", "players", "samples", "seed". While one is worked on,
each line of JSON on the standard output asks about "rows" coalitions, which follow as bytes; the
answer is as many float64 numbers on the standard input. A line with "values" ends the request. See
shapley_bridge.py.
"""

import json
import logging
import os
import sys
import warnings

import captum.attr
import numpy as np
import shap
import torch

warnings.filterwarnings("ignore")
logging.getLogger("shap").setLevel(logging.ERROR)
# What libraries print must not get between the answers.
told = os.fdopen(os.dup(1), "wb")
os.dup2(2, 1)


def worth(Z):
    """What the other side says of coalitions (n, d), given as numbers."""
    rows = np.asarray(Z) > 0.5
    tell({"rows": len(rows)}, np.ascontiguousarray(rows).tobytes())
    return np.frombuffer(sys.stdin.buffer.read(8 * len(rows)), np.float64)


def tell(line, content=b""):
    told.write(json.dumps(line).encode() + b"\n" + content)
    told.flush()


def of_tensors(Z):
    return torch.from_numpy(worth(Z.numpy()).copy())


def shap_kernel(players, samples, seed, l1_reg=0):
    np.random.seed(seed)  # noqa: NPY002, what shap draws from
    explainer = shap.KernelExplainer(worth, np.zeros((1, players)))
    found = explainer.shap_values(
        np.ones((1, players)), nsamples=samples, l1_reg=l1_reg, silent=True
    )
    return np.ravel(found)


def shap_kernel_as_it_comes(players, samples, seed):
    return shap_kernel(players, samples, seed, "num_features(10)")


def shap_exact(players, samples, seed):
    explainer = shap.ExactExplainer(worth, shap.maskers.Independent(np.zeros((1, players))))
    return np.ravel(explainer(np.ones((1, players))).values)


def captum_kernel(players, samples, seed):
    torch.manual_seed(seed)
    np.random.seed(seed)  # noqa: NPY002, what captum draws from, too
    ends = torch.ones(1, players, dtype=torch.float64), torch.zeros(1, players, dtype=torch.float64)
    method = captum.attr.KernelShap(of_tensors)
    return method.attribute(*ends, n_samples=samples, perturbations_per_eval=64).numpy().ravel()


def captum_exact(players, samples, seed):
    ends = torch.ones(1, players, dtype=torch.float64), torch.zeros(1, players, dtype=torch.float64)
    method = captum.attr.ShapleyValues(of_tensors)
    return method.attribute(*ends, perturbations_per_eval=64).numpy().ravel()


METHODS = {
    "shap": shap_kernel,
    "shap, as it comes": shap_kernel_as_it_comes,
    "shap, exact": shap_exact,
    "captum": captum_kernel,
    "captum, exact": captum_exact,
}


def main():
    torch.set_num_threads(1)
    for line in iter(sys.stdin.buffer.readline, b""):
        request = json.loads(line)
        method = METHODS[request["method"]]
        values = method(request["players"], request["samples"], request["seed"])
        tell({"values": values.tolist()})


if __name__ == "__main__":
    main()
