"""A Bayesian network's answers: each draw of its weights is a network that answers for itself.

Weights are Gaussian, each with a mean and a deviation log(1 + exp(rho)) (Blundell et al., "Weight
uncertainty in neural networks", 2015, algorithm in section 3.2). What the draws agree on is the
prediction, how they differ is what the network does not know. The layer itself is
`hwkit.networks.variational_dense.VariationalDense`.

>>> model = hwkit.networks.load("digits-bayesian")       # called as it is: the network of the means
>>> logits = draws(model, pictures, samples=100, seed=0)                        # (100, n, 10)
>>> mean, spread = predictive(logits)
>>> uncertainty(logits).epistemic                                               # (n,), in nats
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import keras
    import tensorflow as tf

    from hwkit.networks.variational_dense import VariationalDense


def sample_weights(mean: np.ndarray, rho: np.ndarray, noise: np.ndarray) -> np.ndarray:
    """Weights of a Gaussian each: its mean plus its deviation, log(1 + exp(rho)), times noise.

    Args:
        mean: of each weight, in any shape.
        rho: of each weight, in the same shape; the deviation is exact for a rho far from zero, too.
        noise: standard normal numbers of that shape, or of several draws: (samples, *shape).

    Returns:
        The drawn weights, in the shape of the noise.
    """
    ### BEGIN SOLUTION surrogates: sample_weights
    return mean + np.logaddexp(0, rho) * noise
    ### END SOLUTION


def predictive(logits: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean and standard deviation of the classes' probabilities over the draws.

    Args:
        logits: (samples, n, classes), one network's answers for each draw of the weights.

    Returns:
        Mean and spread of the softmax, (n, classes) each; the spread is that of these draws,
        divided by their number.

    Raises:
        ValueError: logits of another shape, or none.
    """
    logits = _checked(logits)
    ### BEGIN SOLUTION surrogates: predictive
    probabilities = np.exp(logits - logits.max(-1, keepdims=True))
    probabilities /= probabilities.sum(-1, keepdims=True)
    return probabilities.mean(0), probabilities.std(0)
    ### END SOLUTION


@dataclass(frozen=True, eq=False)
class Uncertainty:
    """How sure a network with uncertain weights is of each picture; entropies are in nats.

    Depeweg et al., "Decomposition of uncertainty in Bayesian deep learning", 2018, section 3.

    Attributes:
        mean: probability of each class, the mean over the draws (n, classes).
        spread: its standard deviation over the draws (n, classes).
        entropy: of the mean: all uncertainty about the class (n,).
        aleatoric: mean entropy of the single draws: what each of them leaves open, as a picture
            between two classes does (n,).
        epistemic: the difference, never negative: the mutual information of class and weights, what
            the draws disagree on (Houlsby et al., "Bayesian active learning", 2011, eq. 2) (n,).
    """

    mean: np.ndarray
    spread: np.ndarray
    entropy: np.ndarray
    aleatoric: np.ndarray
    epistemic: np.ndarray


def uncertainty(logits: np.ndarray) -> Uncertainty:
    """The uncertainty that draws of the weights show; logits (samples, n, classes).

    Raises:
        ValueError: logits of another shape, or none.
    """
    from scipy.special import entr, log_softmax  # type: ignore[import-untyped]

    logits = _checked(logits)
    mean, spread = predictive(logits)
    log_probabilities = log_softmax(logits, axis=-1)
    entropy = entr(mean).sum(-1)
    aleatoric = -(np.exp(log_probabilities) * log_probabilities).sum(-1).mean(0)
    # Not negative but for rounding: the entropy is concave.
    return Uncertainty(mean, spread, entropy, aleatoric, np.maximum(entropy - aleatoric, 0))


def draws(
    model: keras.Model, pictures: np.ndarray, samples: int = 32, seed: int = 0, *, batch: int = 256
) -> np.ndarray:
    """The logits of several draws of the weights, the same draws for all pictures.

    Memory beside the result is that of one draw and one batch.

    Args:
        model: one with `VariationalDense` layers, and any others.
        pictures: what the model takes, (n, ...).
        samples: how many draws.
        seed: decides the draws; the first of many are those that fewer would have been.
        batch: pictures at a time.

    Returns:
        float32 (samples, n, classes).

    Raises:
        ValueError: a model without such a layer, no pictures, or fewer than one sample.
    """
    weights = (_drawn_weights(model, seed, k) for k in range(samples))
    return _answers(model, pictures, weights, samples, batch)


def predictive_scores(
    model: keras.Model, samples: int = 32, seed: int = 0
) -> Callable[[np.ndarray], np.ndarray]:
    """A function from pictures (n, ...) to the mean probabilities (n, classes) over fixed draws.

    For explanations that ask a network about many pictures and look at nothing else, such as LIME.
    The weights are drawn once, and kept: samples times the network's size.
    """
    weights = [_drawn_weights(model, seed, k) for k in range(samples)]
    return lambda pictures: predictive(_answers(model, pictures, weights, samples))[0]


def drawn_network(model: keras.Model, seed: int = 0, draw: int = 0) -> keras.Model:
    """One draw of the weights as a plain network, which every method can explain.

    Args:
        model: one with `VariationalDense` layers.
        seed: that of `draws`.
        draw: which of them, from 0; the network gives `draws(model, ...)[draw]`.

    Raises:
        ValueError: a model without such a layer.
    """
    import keras

    from hwkit.networks.variational_dense import VariationalDense

    def plain(layer: Any) -> Any:
        if isinstance(layer, VariationalDense):
            return keras.layers.Dense(layer.units, activation=layer.activation, name=layer.name)
        return type(layer).from_config(layer.get_config())

    drawn = iter(_drawn_weights(model, seed, draw))
    network = keras.models.clone_model(model, clone_function=plain)
    for theirs, ours in zip(model.layers, network.layers, strict=True):
        known = not isinstance(theirs, VariationalDense)
        ours.set_weights(theirs.get_weights() if known else [next(drawn), next(drawn)])
    return network


def _answers(
    model: keras.Model,
    pictures: np.ndarray,
    weights: Iterable[list[np.ndarray]],
    samples: int,
    batch: int = 256,
) -> np.ndarray:
    """The logits (samples, n, classes) with one draw of the weights after the other."""
    pictures = np.asarray(pictures, np.float32)
    if samples < 1 or not len(pictures):
        raise ValueError(
            "Expected at least one sample and one picture. Received: "
            f"samples={samples}, {len(pictures)} pictures."
        )
    forward = _forward(model)
    logits = np.empty((samples, len(pictures), *model.output_shape[1:]), np.float32)
    for k, drawn in enumerate(weights):
        for start in range(0, len(pictures), batch):
            part = slice(start, start + batch)
            logits[k, part] = forward(pictures[part], drawn)
    return logits


def _drawn_weights(model: keras.Model, seed: int, draw: int) -> list[np.ndarray]:
    """Kernel and bias of each variational layer in turn, float32."""
    rng = np.random.default_rng((seed, draw))
    return [
        sample_weights(mean, rho, rng.standard_normal(mean.shape, np.float32))
        for layer in _variational_layers(model)
        for mean, rho in (
            (np.asarray(layer.kernel), np.asarray(layer.kernel_rho)),
            (np.asarray(layer.bias), np.asarray(layer.bias_rho)),
        )
    ]


def _variational_layers(model: keras.Model) -> list[VariationalDense]:
    from hwkit.networks.variational_dense import VariationalDense

    found = [layer for layer in model.layers if isinstance(layer, VariationalDense)]
    if not found:
        raise ValueError(
            f"Expected a model with VariationalDense layers. Received: '{model.name}', which has "
            "none, so there is nothing to draw. networks.load('digits-bayesian') has two."
        )
    return found


def _forward(model: keras.Model) -> Callable[[np.ndarray, list[np.ndarray]], Any]:
    """The model with other kernels and biases in its variational layers, compiled once."""
    import keras
    import tensorflow as tf

    forward = getattr(model, "_hwkit_drawn_forward", None)
    if forward is None:
        variables = [v for layer in _variational_layers(model) for v in (layer.kernel, layer.bias)]

        def run(pictures: tf.Tensor, weights: list[tf.Tensor]) -> tf.Tensor:
            with keras.StatelessScope(zip(variables, weights, strict=True)):
                return model(pictures, training=False)

        one_picture = tf.TensorSpec(model.inputs[0].shape, tf.float32)
        shapes = [tf.TensorSpec(variable.shape, tf.float32) for variable in variables]
        forward = tf.function(run, input_signature=[one_picture, shapes], autograph=False)
        model._hwkit_drawn_forward = forward
    return forward


def _checked(logits: np.ndarray) -> np.ndarray:
    logits = np.asarray(logits)
    if logits.ndim != 3 or not logits.size:
        raise ValueError(
            f"Expected logits (samples, n, classes), at least one of each. Received: shape "
            f"{logits.shape}."
        )
    return logits
