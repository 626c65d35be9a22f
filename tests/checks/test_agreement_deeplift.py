from __future__ import annotations

import numpy as np
import tensorflow as tf
from galleries import verdict
from gallery_tools import gallery
from plain_chains import at, down, flat, plain, relu, same, up

from hwkit.checks import agreement_deeplift as module


def step(z):
    return np.where(z > 0, 1.0, 0.0)


def multiplier(x, r, f, slope):
    near = np.abs(x - r) < 1e-6
    return np.where(near, slope(x), (f(x) - f(r)) / np.where(near, 1, x - r))


def quotient(z, z0):
    return multiplier(z, z0, relu, step)


def lift(
    *,
    ratio=quotient,
    begin=at,
    bias=1.0,
    bias_of_r=None,
    activation=relu,
    reference=lambda r: r,
    turned=False,
    last=lambda signal, scores, scores_of_r: signal,
    end=lambda m, x, r: m * (x - r),
):
    """DeepLIFT with some of its parts changed, on layers as matrices."""

    def solution(layers, x, r, c):
        r = reference(r)
        *hidden, scores = up(layers, x, bias, activation)
        *hidden_r, scores_r = up(layers, r, bias if bias_of_r is None else bias_of_r, activation)
        ratios = [ratio(z, z0) for z, z0 in zip(hidden, hidden_r, strict=True)]
        signal = last(begin(scores, c), scores, scores_r)
        found = down(layers, signal, lambda k, s: s * (ratios[::-1] if turned else ratios)[k])
        return end(found, flat(x), flat(r)).reshape(x.shape)

    return solution


right = lift()
MISTAKES = {
    "gradient x input": lift(ratio=lambda z, z0: step(z), end=lambda m, x, r: m * x),
    "slope": lift(ratio=lambda z, z0: step(z)),
    "zero reference": lift(reference=np.zeros_like),
    "times x": lift(end=lambda m, x, r: m * x),
    "multipliers": lift(end=lambda m, x, r: m),
    "negative": lift(end=lambda m, x, r: m * (r - x)),
    "outputs": lift(ratio=lambda z, z0: quotient(relu(z), relu(z0))),
    "last ReLU": lift(last=lambda s, scores, scores_r: s * quotient(scores, scores_r)),
    "everything": lift(begin=lambda scores, c: np.ones(scores.shape)),
    "score": lift(begin=lambda scores, c: at(scores, c, scores[:, c])),
    "no bias": lift(bias=0),
    "reference without bias": lift(bias_of_r=0),
    "no ReLU up": lift(activation=same),
    "other ReLU": lift(turned=True),
    "first reference": lift(reference=lambda r: r[:1]),
}


def loop(layers, x, r, c):
    received = []
    a, a0 = x, r
    for layer in layers[:-1]:
        z, z0 = (layer.forward(each, layer.w) + layer.b for each in (a, a0))
        received.append((z, np.broadcast_to(z0, z.shape)))
        a, a0 = relu(z), relu(z0)
    last = layers[-1]
    m = last.backward(at(last.forward(a, last.w), c), last.w)
    for layer, (z, z0) in zip(layers[-2::-1], received[::-1], strict=True):
        m = layer.backward(m * multiplier(z, z0, relu, step), layer.w)
    return m * (x - r)


def recursive_multipliers(layers, x, r, c):
    first, *rest = layers
    z, z0 = first.forward(x, first.w) + first.b, first.forward(r, first.w) + first.b
    if rest:
        m = recursive_multipliers(rest, relu(z), relu(z0), c) * quotient(z, z0)
    else:
        m = at(z, c)
    return first.backward(m, first.w)


def recursive(layers, x, r, c):
    return (x - r) * recursive_multipliers(layers, x, np.repeat(r, len(x) // len(r), 0), c)


def together(layers, x, r, c):
    """Pictures and references in one batch."""
    n = len(x)
    both = np.concatenate([x, np.broadcast_to(r, x.shape)])
    zs = []
    for layer in layers:
        zs.append(layer.forward(both, layer.w) + layer.b)
        both = relu(zs[-1])
    m = at(zs.pop()[:n], c)
    for layer in layers[:0:-1]:
        z = zs.pop()
        m = layer.backward(m, layer.w) * quotient(z[:n], z[n:])
    return layers[0].backward(m, layers[0].w) * np.subtract(x, r)


def one_instance_at_a_time(layers, x, r, c):
    rows = [loop(layers, x[i : i + 1], r[i % len(r)][None], c) for i in range(len(x))]
    return np.concatenate(rows)


def in_float64(layers, x, r, c):
    return loop(layers, np.float64(x), np.float64(r), c)


def by_tape(layers, x, r, c):
    """Gradients through ReLUs that hand the multiplier back."""
    x0, r0 = tf.constant(flat(x)), tf.constant(np.broadcast_to(flat(r), flat(x).shape))
    with tf.GradientTape() as tape:
        tape.watch(x0)
        a, a0 = x0, r0
        for number, layer in enumerate(map(plain, layers)):
            if number:
                fixed = tf.stop_gradient(tf.constant(quotient(a.numpy(), a0.numpy())))
                a, a0 = fixed * (a - a0) + tf.nn.relu(a0), tf.nn.relu(a0)
                a0 = tf.stop_gradient(a0)
            a, a0 = (v @ layer.matrix(layer.w) + layer.outputs(layer.b) for v in (a, a0))
        score = a[:, c]
    return tf.reshape(tape.gradient(score, x0) * (x0 - r0), x.shape)


def by_matrices(layers, x, r, c):
    """One matrix for each instance, from the input to the scores."""
    found = []
    r = np.broadcast_to(r, x.shape)
    for one, other in zip(x, r, strict=True):
        hidden, hidden_r = up(layers, one[None]), up(layers, other[None])
        total = None
        for layer, z, z0 in zip(map(plain, layers), hidden, hidden_r, strict=True):
            w = layer.matrix(layer.w)
            total = w if total is None else total @ w
            if z is not hidden[-1]:
                total = total * quotient(z, z0)
        found.append((one - other).ravel() * total[:, c])
    return np.reshape(found, x.shape)


def pops(layers, x, r, c):
    found = loop(layers, x, r, c)
    layers.pop()
    return found


TestDeeplift = gallery(
    "deeplift",
    module,
    MISTAKES,
    [
        right,
        loop,
        recursive,
        together,
        one_instance_at_a_time,
        in_float64,
        by_tape,
        by_matrices,
    ],
    [
        (lift(ratio=lambda z, z0: (relu(z) - relu(z0)) / (z - z0)), "NaN or infinity"),
        (pops, "a list that was passed in has been changed"),
        (lambda layers, x, r, c: right(layers[::-1], x, r, c), "ValueError"),
        (lambda layers, x, r, c: right(layers, x, r, c).sum(axis=1), "shape (1,), expected (1, 3)"),
        (lambda layers, x, r, c: right(layers, x, r, c)[0], "shape (3,), expected (1, 3)"),
        (lambda layers, x, r, c: up(layers, x)[-1], "shape (1, 2), expected (1, 3)"),
        (lambda layers, x, r, c: right(layers, x, r, 1 - c), "differs in"),
        (lambda layers, x, r, c: right(layers, x, r, c)[:1], "expected (2, 3)"),
        (lambda layers, x, r, c: x * right(layers, x, r, c), "differs in"),
        (lambda layers, x, r, c: right(layers, x, r, c) / 0, "NaN or infinity"),
        (lambda layers, x, c: x, "TypeError"),
    ],
)


def test_the_right_numbers_add_up_to_what_was_gained():
    for example in module.examples():
        layers, x, r, c = example.arguments
        gained = up(layers, x)[-1][:, c] - up(layers, r)[-1][:, c]
        np.testing.assert_allclose(flat(right(layers, x, r, c)).sum(axis=1), gained, atol=1e-12)


def test_it_waits_for_the_multiplier():
    def multiplier(x, r, f, slope):
        raise NotImplementedError

    said = verdict("deeplift", lift(ratio=lambda z, z0: multiplier(z, z0, relu, step)))
    assert said.startswith("[waiting]")
    assert "waits for the blank 'The multiplier' (multiplier)" in said


def test_units_are_switched_between_reference_and_picture():
    for example in module.examples():
        layers, x, r, _ = example.arguments
        hidden, hidden_r = up(layers, x)[0], up(layers, r)[0]
        assert ((hidden > 0) != (hidden_r > 0)).any(axis=1).all(), example.label
        assert (np.abs(hidden) > 0.1).all() and (np.abs(hidden_r) > 0.1).all()
