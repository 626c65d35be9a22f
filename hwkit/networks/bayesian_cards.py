"""What the card of a Bayesian network says beside its accuracy: is it unsure where it is wrong?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import keras
import numpy as np

from hwkit.evaluation.calibration import expected_calibration_error
from hwkit.evaluation.metrics import auc
from hwkit.images.data_folder import file_at_hand
from hwkit.images.digit_files import FILES
from hwkit.images.digits import load_digits
from hwkit.network import in_batches
from hwkit.networks.card_files import rounded
from hwkit.networks.variational import Uncertainty, draws, predictive, uncertainty

DRAWS, SEED = 100, 0
STRANGERS = 1000
"""Pictures of clothes that the network is asked about, where Fashion-MNIST is at hand."""


def measure_bayesian(
    model: keras.Model, pictures: np.ndarray, labels: np.ndarray
) -> dict[str, Any]:
    """Accuracy, calibration and uncertainty over draws of the weights, on test pictures."""
    found = uncertainty(draws(model, pictures, DRAWS, SEED))
    right = found.mean.argmax(1) == labels
    means, _ = predictive(in_batches(model, pictures, batch=512)[np.newaxis])
    groups = {"right": _summary(found, right), "wrong": _summary(found, ~right)}
    told = {}
    if 0 < right.sum() < len(right):
        told["wrong from right"] = auc(found.epistemic, ~right, 1)
    if file_at_hand(FILES["fashion"]):
        clothes = load_digits("fashion").x_test[:STRANGERS]
        strange = uncertainty(draws(model, clothes, DRAWS, SEED))
        groups["clothes"] = _summary(strange, np.full(len(clothes), True))
        both = np.concatenate([found.epistemic, strange.epistemic])
        told["clothes from digits"] = auc(both, np.arange(len(both)) >= len(labels), 1)
    return {
        "draws": DRAWS,
        "predictive accuracy": rounded(right.mean()),
        "calibration error of the means": rounded(expected_calibration_error(means, labels)),
        "calibration error of the predictive": rounded(
            expected_calibration_error(found.mean, labels)
        ),
        "uncertainty": groups,
        "auc of epistemic uncertainty": {key: rounded(value) for key, value in told.items()},
    }


def _summary(found: Uncertainty, chosen: np.ndarray) -> dict[str, float]:
    """Means over the chosen pictures, of which there may be none."""
    if not chosen.any():
        return {"pictures": 0}
    predicted = found.mean[chosen].argmax(1)
    return {
        "pictures": int(chosen.sum()),
        "spread": rounded(found.spread[chosen][np.arange(len(predicted)), predicted].mean()),
        "aleatoric": rounded(found.aleatoric[chosen].mean()),
        "epistemic": rounded(found.epistemic[chosen].mean()),
    }


def bayesian_rows(measured: Mapping[str, Any]) -> list[str]:
    """The same as rows of a card's table."""
    rows = [
        f"| accuracy of the mean over {measured['draws']} draws of the weights | "
        f"**{measured['predictive accuracy']:.4f}** |",
        "| expected calibration error, 15 bins | "
        f"{measured['calibration error of the means']:.4f} of the network of the means, "
        f"{measured['calibration error of the predictive']:.4f} of the mean over the draws |",
    ]
    rows += [
        f"| {name}: {group['pictures']} pictures, on average | spread of the predicted class's "
        f"probability {group['spread']:.4f}, aleatoric {group['aleatoric']:.4f} nats, epistemic "
        f"{group['epistemic']:.4f} nats |"
        for name, group in measured["uncertainty"].items()
        if group["pictures"]
    ]
    told = measured["auc of epistemic uncertainty"].items()
    shown = ", ".join(f"{name} {value:.3f}" for name, value in told)
    return [*rows, f"| area under the ROC curve of the epistemic uncertainty | {shown} |"]
