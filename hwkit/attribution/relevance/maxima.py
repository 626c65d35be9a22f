"""What a maximum hands back of differences from a reference.

Between the reference and the instance another number may win. Where the output rises, by the gain
of the instance's winner; where it falls, by the loss of the reference's: each of these numbers
differs by at least as much, so that its multiplier lies between 0 and the output's. So do captum
and shap; here windows that overlap add up, and so completeness holds for them, too.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import tensorflow as tf


def maximum(
    function: Callable[..., tf.Tensor],
    x: list[tf.Tensor],
    r: list[tf.Tensor],
    risen: tf.Tensor,
    fallen: tf.Tensor,
) -> list[tf.Tensor]:
    """The multipliers of what a maximum is taken of.

    Args:
        function: takes the maximum, over windows or over several tensors.
        x: what it reads ``(n, *shape)`` each.
        r: what it reads of the reference ``(n or 1, *shape)`` each.
        risen: the multipliers of its output ``(n, *output)`` where that is above the reference's.
        fallen: and where it is below.

    Returns:
        For each of ``x``; where a number does not differ, the derivative halfway.
    """
    import tensorflow as tf

    r = [tf.broadcast_to(each, tf.shape(other)) for each, other in zip(r, x, strict=True)]
    middles = [at_r + (at_x - at_r) / 2 for at_x, at_r in zip(x, r, strict=True)]
    with tf.GradientTape(persistent=True, watch_accessed_variables=False) as tape:
        for each in (x, r, middles):
            tape.watch(each)
        at_x, at_r, halfway = function(*x), function(*r), function(*middles)
    higher = tf.maximum(at_x, at_r)
    gains = tape.gradient(at_x, x, risen * (higher - at_r))
    losses = tape.gradient(at_r, r, fallen * (at_x - higher))
    slopes = tape.gradient(halfway, middles, (risen + fallen) / 2)
    return [
        tf.where(tf.equal(to, of), by_slope, tf.math.divide_no_nan(gain + loss, to - of))
        for gain, loss, by_slope, to, of in zip(gains, losses, slopes, x, r, strict=True)
    ]
