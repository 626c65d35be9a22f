from __future__ import annotations

import numpy as np
import tensorflow as tf
from galleries import verdict
from gallery_tools import gallery
from plain_chains import at, down, flat, plain, relu, same, up

from hwkit.checks import agreement_guided_backprop as module


def gate(signal, x):
    return np.where((signal > 0) & (x > 0), signal, 0)


def ones_at(scores, c):
    return at(scores, c)


def guided(
    *,
    gate=gate,
    begin=ones_at,
    bias=1.0,
    activation=relu,
    turned=False,
    last=lambda signal, scores: signal,
    end=lambda signal, x: signal,
):
    """Guided backpropagation with some of its parts changed, on layers as matrices."""

    def solution(layers, x, c):
        *hidden, scores = up(layers, x, bias, activation)
        received = hidden[::-1] if turned else hidden
        signal = last(begin(scores, c), scores)
        signal = down(layers, signal, lambda k, s: gate(s, received[k]))
        return end(signal, flat(x)).reshape(x.shape)

    return solution


def plain_gate(signal, x):
    return np.where(x > 0, signal, 0)


right = guided()
MISTAKES = {
    "plain": guided(gate=plain_gate),
    "signal only": guided(gate=lambda s, x: relu(s)),
    "no ReLU back": guided(gate=lambda s, x: s),
    "cut at the end": guided(gate=plain_gate, end=lambda s, x: relu(s)),
    "at the input": guided(end=gate),
    "last ReLU": guided(last=gate),
    "score": guided(begin=lambda scores, c: at(scores, c, scores[:, c])),
    "ones": guided(begin=lambda scores, c: np.ones(scores.shape)),
    "no bias": guided(bias=0),
    "no ReLU up": guided(activation=same),
    "other ReLU": guided(turned=True),
    "times x": guided(end=lambda s, x: s * x),
}


def loop(layers, x, c):
    received, a = [], x
    for layer in layers[:-1]:
        received.append(layer.forward(a, layer.w) + layer.b)
        a = relu(received[-1])
    scores = layers[-1].forward(a, layers[-1].w) + layers[-1].b
    signal = layers[-1].backward(at(scores, c), layers[-1].w)
    for layer, z in zip(layers[-2::-1], received[::-1], strict=True):
        signal = layer.backward(gate(signal, z), layer.w)
    return signal


def recursive(layers, x, c):
    first, *rest = layers
    z = first.forward(x, first.w) + first.b
    signal = gate(recursive(rest, relu(z), c), z) if rest else at(z, c)
    return first.backward(signal, first.w)


def by_what_passed(layers, x, c):
    """A ReLU received something positive where it gives something positive."""
    passed = [x]
    for layer in layers:
        passed.append(relu(layer.forward(passed[-1], layer.w) + layer.b))
    signal = np.zeros(passed[-1].shape, "float32")
    signal[..., c] = 1
    for i in range(len(layers) - 1, -1, -1):
        signal = layers[i].backward(signal, layers[i].w)
        if i > 0:
            signal = gate(signal, passed[i])
    return signal


def one_instance_at_a_time(layers, x, c):
    return np.concatenate([loop(layers, x[i : i + 1], c) for i in range(len(x))])


def in_float64(layers, x, c):
    return loop(layers, x.astype(np.float64), c)


@tf.custom_gradient
def guided_tf(z):
    return tf.nn.relu(z), lambda s: tf.nn.relu(s) * tf.cast(z > 0, s.dtype)


def by_tape(layers, x, c):
    given = tf.constant(flat(x))
    with tf.GradientTape() as tape:
        tape.watch(given)
        z = given
        for number, layer in enumerate(map(plain, layers)):
            z = guided_tf(z) if number else z
            z = z @ layer.matrix(layer.w) + layer.outputs(layer.b)
        score = z[:, c]
    return tf.reshape(tape.gradient(score, given), x.shape)


def open_at_zero(layers, x, c):
    return guided(gate=lambda s, x: relu(s) * (x >= 0))(layers, x, c)


def with_pops(layers, x, c):
    stack = []
    for layer in layers:
        z = layer.forward(x, layer.w) + layer.b
        stack.append((layer, z))
        x = np.where(z > 0, z, 0)
    layer, scores = stack.pop()
    signal = layer.backward(np.eye(scores.shape[1])[[c] * len(scores)], layer.w)
    while stack:
        layer, z = stack.pop()
        signal = layer.backward(np.where((z > 0) * (signal > 0), signal, 0), layer.w)
    return signal


def turned_list(layers, x, c):
    found = loop(layers, x, c)
    layers.reverse()
    return found


def forwards(layers, x, c):
    signal = at(up(layers, x)[-1], c)
    for layer in layers:
        signal = layer.backward(signal, layer.w)
    return signal


TestGuidedBackprop = gallery(
    "guided_backprop",
    module,
    MISTAKES,
    [
        right,
        loop,
        recursive,
        by_what_passed,
        one_instance_at_a_time,
        in_float64,
        by_tape,
        with_pops,
        open_at_zero,
    ],
    [
        (turned_list, "a list that was passed in has been changed"),
        (forwards, "ValueError"),
        (lambda layers, x, c: right(layers, x, c)[0], "shape (3,), expected (2, 3)"),
        (lambda layers, x, c: flat(right(layers, x, c)), "shape (2, 4), expected (2, 2, 2, 1)"),
        (lambda layers, x, c: up(layers, x)[-1], "shape (2, 2), expected (2, 3)"),
        (lambda layers, x, c: right(layers, x, 1 - c), "differs in"),
        (lambda layers, x, c: right(layers, x, 0), "(two dense layers without biases, c = 1)"),
        (lambda layers, x, c: np.abs(right(layers, x, c)), "differs in"),
        (lambda layers, x, c: right(layers, x, c) / 0, "NaN or infinity"),
        (lambda layers, x: x, "TypeError"),
    ],
)


def test_it_waits_for_the_relu():
    def guided_relu(signal, x):
        raise NotImplementedError

    said = verdict("guided_backprop", guided(gate=guided_relu))
    assert said.startswith("[waiting]")
    assert "waits for the blank 'What a ReLU hands back' (guided_relu)" in said


def test_a_score_of_zero_or_less_and_units_that_biases_switch():
    layers, x, c = module.examples()[3].arguments
    with_b, without_b = up(layers, x), up(layers, x, bias=0)
    assert with_b[-1][0, c] < 0
    assert ((with_b[0] > 0) != (without_b[0] > 0)).any()
