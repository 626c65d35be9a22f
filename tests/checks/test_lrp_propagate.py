from __future__ import annotations

import numpy as np
import pytest
import tensorflow as tf
from galleries import assert_fails, assert_passes, verdict
from plain_layers import PlainLayer
from written import assert_written

from hwkit.checks import lrp_propagate as module

QUESTION = "propagate"


def start(scores, c):
    relevance = np.zeros_like(scores)
    relevance[:, c] = scores[:, c]
    return relevance


def relu(z):
    return np.maximum(z, 0)


def loop(*, between=relu, last=lambda z: z, bias=1.0, begin=start, before=False, order=None):
    """The loop with some of its parts changed, on layers as matrices; ``order`` picks the rules."""

    def solution(layers, rules, x, c):
        received, before_relu = [x], [x]
        for number, layer in enumerate(layers):
            plain = PlainLayer(layer.w, layer.b, received[-1].shape[1:])
            flat = received[-1].reshape(len(x), -1)
            z = flat @ plain.matrix(layer.w) + bias * plain.outputs(layer.b)
            if layer.w.ndim == 4:
                z = z.reshape(len(x), 1, 2, 2)
            before_relu.append(z)
            received.append(between(z) if number < len(layers) - 1 else last(z))
        relevance = [begin(received[-1], c)]
        given = before_relu if before else received
        chosen = order(list(rules)) if order else rules
        for number in reversed(range(len(layers))):
            relevance.insert(0, chosen[number](layers[number], given[number], relevance[0]))
        return relevance

    return solution


right = loop()
MISTAKES = {
    "everything": loop(begin=lambda scores, c: scores),
    "ones": loop(begin=lambda scores, c: start(np.ones_like(scores), c)),
    "last ReLU": loop(last=relu),
    "no bias": loop(bias=0),
    "no ReLU": loop(between=lambda z: z),
    "before ReLU": loop(before=True),
    "one rule": loop(order=lambda rules: rules[:1] * len(rules)),
    "last rule": loop(order=lambda rules: rules[-1:] * len(rules)),
    "turned rules": loop(order=lambda rules: rules[::-1]),
}


def found_in_chains():
    found = {}
    for chain in module.chains():
        given = list(chain.layers), list(chain.rules), chain.x, chain.c
        expected = [np.ravel(each) for each in right(*given)]
        blocks = [{"right": values} for values in expected]
        for name, solution in MISTAKES.items():
            for block, values in zip(blocks, solution(*given), strict=True):
                if not np.allclose(np.ravel(values), block["right"], 1e-9, 1e-9):
                    block[name] = np.ravel(values)
        found.update((chain.place(index), block) for index, block in enumerate(blocks))
    return found


def test_the_numbers_are_what_their_names_say():
    assert_written(module, found_in_chains())


def test_the_chains_show_what_they_are_for():
    for chain in module.chains():
        assert [np.shape(each) for each in right(*_given(chain))] == list(chain.shapes)
    # A negative score, and units that are off.
    scores = right(*_given(module.chains()[1]))[-1]
    assert scores.min() < 0
    hidden = PlainLayer(*_weights(module.chains()[0]), (3,))
    assert (module.chains()[0].x @ hidden.w + hidden.b < 0).any()


def _given(chain):
    return chain.layers, chain.rules, chain.x, chain.c


def _weights(chain):
    return chain.layers[0].w, chain.layers[0].b


def up_and_down(layers, rules, x, c):
    activations = [x]
    for number, layer in enumerate(layers):
        z = layer.forward(activations[-1], layer.w) + layer.b
        activations.append(np.maximum(z, 0) if number < len(layers) - 1 else z)
    relevance = [start(activations[-1], c)]
    for layer, rule, received in zip(layers[::-1], rules[::-1], activations[-2::-1], strict=True):
        relevance.insert(0, rule(layer, received, relevance[0]))
    return relevance


def by_index(layers, rules, x, c):
    count = len(layers)
    inputs = [None] * count
    inputs[0] = x
    for i in range(count - 1):
        inputs[i + 1] = relu(layers[i].forward(inputs[i], layers[i].w) + layers[i].b)
    relevance = [None] * (count + 1)
    relevance[count] = start(layers[-1].forward(inputs[-1], layers[-1].w) + layers[-1].b, c)
    for i in range(count - 1, -1, -1):
        relevance[i] = rules[i](layers[i], inputs[i], relevance[i + 1])
    return tuple(relevance)


def recursive(layers, rules, x, c):
    z = layers[0].forward(x, layers[0].w) + layers[0].b
    if len(layers) == 1:
        above = [start(z, c)]
    else:
        above = recursive(layers[1:], rules[1:], z * (z > 0), c)
    return [rules[0](layers[0], x, above[0]), *above]


def turned_at_the_end(layers, rules, x, c):
    received = []
    for layer in layers:
        received.append(x)
        z = layer.forward(x, layer.w)
        z += layer.b
        x = np.clip(z, 0, None)
    relevance = [start(z, c)]
    for step in reversed(list(zip(rules, layers, received, strict=True))):
        rule, *given = step
        relevance.append(rule(*given, relevance[-1]))
    return relevance[::-1]


def one_instance_at_a_time(layers, rules, x, c):
    found = [up_and_down(layers, rules, x[i : i + 1], c) for i in range(len(x))]
    return [np.concatenate(each) for each in zip(*found, strict=True)]


def in_float32(layers, rules, x, c):
    return up_and_down(layers, rules, x.astype("float32"), c)


def with_tensorflow(layers, rules, x, c):
    received = [x]
    for layer in layers[:-1]:
        received.append(tf.nn.relu(layer.forward(received[-1], layer.w) + layer.b).numpy())
    scores = layers[-1].forward(received[-1], layers[-1].w) + layers[-1].b
    relevance = {len(layers): scores * tf.one_hot(c, scores.shape[1], dtype=scores.dtype).numpy()}
    for i in range(len(layers))[::-1]:
        relevance[i] = rules[i](layers[i], received[i], relevance[i + 1])
    return [relevance[i] for i in sorted(relevance)]


@pytest.mark.parametrize(
    "solution",
    [
        right,
        up_and_down,
        by_index,
        recursive,
        turned_at_the_end,
        one_instance_at_a_time,
        in_float32,
        with_tensorflow,
    ],
)
def test_right_solutions_pass(solution):
    assert_passes(QUESTION, solution)


@pytest.mark.parametrize("name", MISTAKES)
def test_typical_mistakes_are_named(name):
    assert_fails(QUESTION, MISTAKES[name], module.SENTENCES[name])


def in_place(layers, rules, x, c):
    rules.reverse()
    found = up_and_down(layers, rules[::-1], x, c)
    return found


def pops(layers, rules, x, c):
    found = up_and_down(layers, rules, x, c)
    layers.pop()
    return found


def softmax(layers, rules, x, c):
    raised = loop(begin=lambda scores, c: start(np.exp(scores) / np.exp(scores).sum(1), c))
    return raised(layers, rules, x, c)


def unfinished_start(layers, rules, x, c):
    def start(scores, c):
        raise NotImplementedError

    return loop(begin=start)(layers, rules, x, c)


WRONG = [
    (in_place, "a list that was passed in has been changed"),
    (pops, "a list that was passed in has been changed"),
    (lambda *given: right(*given)[:-1], "the relevance of the output is missing"),
    (lambda *given: right(*given)[1:], "the relevance of the input is missing"),
    (lambda *given: right(*given)[::-1], "begins with the output"),
    (lambda *given: right(*given)[0], "received one array of shape (2, 3)"),
    (lambda *given: [right(*given)[0]], "received 1 (2 layers)"),
    (lambda *given: dict(enumerate(right(*given))), "received dict"),
    (lambda *given: [each.sum() for each in right(*given)], "entry 2 has shape ()"),
    (lambda *given: [each.ravel() for each in right(*given)], "expected (2, 2)"),
    (lambda *given: [each[:1] for each in right(*given)], "expected (2, 2)"),
    (lambda *given: [2 * each for each in right(*given)], "the output"),
    (lambda *given: [np.zeros_like(each) for each in right(*given)], "first at [0, 1]"),
    (softmax, "(2 layers: the output)"),
    (lambda layers, rules, x, c: right(layers[::-1], rules, x, c), "ValueError"),
    (lambda layers, rules, x, c: right(layers, rules, x, 1), "(3 layers: the output)"),
    (lambda layers, rules, x: x, "TypeError"),
]


@pytest.mark.parametrize(("solution", "words"), WRONG)
def test_other_wrong_solutions_are_told_why(solution, words):
    assert_fails(QUESTION, solution, words)


def unfinished(layers, rules, x, c):
    raise NotImplementedError


@pytest.mark.parametrize("blank", [unfinished, lambda *given: None, lambda *given: ..., None, ...])
def test_an_empty_blank_is_not_attempted(blank):
    assert "not attempted yet" in verdict(QUESTION, blank)


def test_it_waits_for_the_start():
    said = verdict(QUESTION, unfinished_start)
    assert said.startswith("[waiting]")
    assert "waits for the blank 'Where the relevance starts' (start)" in said
