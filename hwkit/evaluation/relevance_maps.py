"""Maps of relevance by the rule of the report that these measurements answer: alpha 1, beta 0."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import keras


def relevance_maps(model: keras.Model, pictures: np.ndarray) -> np.ndarray:
    """What each pixel says for the class that the network predicts, ``(n, h, w)``, by LRP.

    Of the predicted class, not of the true one: a map that knew the answer would hand it on to
    whoever sees which pixels were kept.

    Args:
        model: the network.
        pictures: ``(n, h, w, c)`` as it takes them; channels are summed.
    """
    from hwkit.attribution.lrp import LRP
    from hwkit.attribution.relevance import rules
    from hwkit.explanation import Explanation
    from hwkit.heatmaps import pool_channels

    explanation = Explanation(model, LRP(rules.alpha_beta(1, 0)))
    return pool_channels(explanation.for_input().predicted().explain(pictures).attribution)
