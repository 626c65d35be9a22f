from __future__ import annotations

import numpy as np
import pytest
import tensorflow as tf
from galleries import assert_fails, assert_passes, verdict
from plain_layers import divided, on_flat_layers
from written import assert_written, computed

from hwkit.checks import lrp_alpha_beta as module

QUESTION = "alpha_beta"


@on_flat_layers
def right(layer, x, R, alpha, beta):
    """Share by share, from the formula of the notebook."""
    w, b = layer.matrix(layer.w), layer.outputs(layer.b)
    found = np.zeros(x.shape)
    for n, k in np.ndindex(R.shape):
        parts = x[n] * w[:, k]
        against = sum(p for p in parts if p < 0) + min(b[k], 0)
        supporting = sum(p for p in parts if p > 0) + max(b[k], 0)
        for j, part in enumerate(parts):
            if part > 0:
                found[n, j] += part / supporting * R[n, k] * (alpha if against and beta else 1)
            if part < 0 and beta:
                found[n, j] += part / against * R[n, k] * (-beta if supporting else 1)
    return found


def up(values):
    return np.maximum(values, 0)


def down(values):
    return np.minimum(values, 0)


def contributions(x, w):
    parts = x[:, :, None] * w
    return up(parts), down(parts)


def factors(z_for, z_against, alpha, beta):
    """What is handed out of R by what speaks for an output, and by what speaks against it."""
    one = np.where(z_against == 0, 1.0, alpha) if beta else 1.0
    other = np.where(z_for == 0, 1.0, -beta) if beta else 0.0
    return one, other


def mistake(parts=contributions, biases=lambda b: (up(b), down(b)), share=factors, over=None):
    """The rule with its contributions, biases, factors or denominators changed."""

    @on_flat_layers
    def solution(layer, x, R, alpha, beta):
        w, b = layer.matrix(layer.w), layer.outputs(layer.b)
        supporting, against = parts(x, w)
        b_for, b_against = biases(b)
        z_for, z_against = supporting.sum(axis=1) + b_for, against.sum(axis=1) + b_against
        f, g = share(z_for, z_against, alpha, beta)
        z = x @ w + b
        s = divided(R * f, z if over else z_for)
        t = divided(R * g, z if over else z_against)
        return np.einsum("njk,nk->nj", supporting, s) + np.einsum("njk,nk->nj", against, t)

    return solution


def one_sided(f, g):
    """Other factors, by functions of (whether the other part is empty, the right factor)."""

    def share(z_for, z_against, alpha, beta):
        one, other = factors(z_for, z_against, alpha, beta)
        return f(z_against == 0, one, alpha), g(z_for == 0, other, beta)

    return share


def keep(empty, factor, parameter):
    return factor


@on_flat_layers
def inputs_only(layer, x, R, alpha, beta):
    w, b = layer.matrix(layer.w), layer.outputs(layer.b)
    supporting, against = contributions(x, w)
    f, g = factors(supporting.sum(axis=1), against.sum(axis=1), alpha, beta)
    s = divided(R * f, supporting.sum(axis=1) + up(b))
    t = divided(R * g, against.sum(axis=1) + down(b))
    return np.einsum("njk,nk->nj", supporting, s) + np.einsum("njk,nk->nj", against, t)


def x_above_zero(x, w):
    return contributions(up(x), w)


def by_weights(x, w):
    return x[:, :, None] * up(w), x[:, :, None] * down(w)


def without_x(x, w):
    return contributions(np.ones_like(x), w)


MISTAKES = {
    "swapped": mistake(share=lambda p, n, a, b: (b, -a)),
    "added": mistake(share=lambda p, n, a, b: (a, b)),
    "no factors": mistake(share=lambda p, n, a, b: (1, -1)),
    "1 and 0": lambda layer, x, R, a, b: right(layer, x, R, 1, 0),
    "2 and 1": lambda layer, x, R, a, b: right(layer, x, R, 2, 1),
    "only for": mistake(share=lambda p, n, a, b: (factors(p, n, a, b)[0], 0)),
    "only against": mistake(share=lambda p, n, a, b: (0, factors(p, n, a, b)[1])),
    "only x above 0": mistake(x_above_zero),
    "by weights": mistake(by_weights),
    "no bias": mistake(biases=lambda b: (0, 0)),
    "whole bias": mistake(biases=lambda b: (b, b)),
    "one denominator": mistake(over="z"),
    "no x": mistake(without_x),
    "no x at the end": lambda layer, x, R, a, b: right(layer, x, R, a, b) / x,
    "parts are lost": mistake(share=lambda p, n, a, b: (a, -b)),
    "nothing for": mistake(share=one_sided(keep, lambda e, g, beta: -beta)),
    "nothing against": mistake(share=one_sided(lambda e, f, alpha: alpha, keep)),
    "turned": mistake(share=one_sided(keep, lambda e, g, beta: np.where(e & (beta > 0), -1, g))),
    "inputs only": inputs_only,
    "beta 0": mistake(share=one_sided(keep, lambda e, g, beta: np.where(e, 1, g))),
}


def test_the_numbers_are_what_their_names_say():
    assert_written(module, computed(module.examples(), right, MISTAKES))


def test_which_parts_are_empty():
    layer, x, *_ = module.examples()[3].arguments
    supporting, against = contributions(x, layer.w)
    z_for, z_against = supporting.sum(axis=1) + up(layer.b), against.sum(axis=1) + down(layer.b)
    assert (z_for == 0).tolist() == [[False, True, True, False, False]] * 2
    assert (z_against == 0).tolist() == [[True, False, True, False, False]] * 2
    layer, x, *_ = module.examples()[0].arguments
    for parts in contributions(x, layer.w):
        assert (parts.sum(axis=1) != 0).all()


def four_passes(layer, x, R, alpha, beta):
    w_up, w_down = np.maximum(layer.w, 0), np.minimum(layer.w, 0)
    z_for = layer.forward(up(x), w_up) + layer.forward(down(x), w_down) + up(layer.b)
    z_against = layer.forward(up(x), w_down) + layer.forward(down(x), w_up) + down(layer.b)
    f, g = factors(z_for, z_against, alpha, beta)
    s = np.divide(R * f, z_for, out=np.zeros_like(z_for), where=z_for != 0)
    t = np.divide(R * g, z_against, out=np.zeros_like(z_for), where=z_against != 0)
    return up(x) * (layer.backward(s, w_up) + layer.backward(t, w_down)) + down(x) * (
        layer.backward(s, w_down) + layer.backward(t, w_up)
    )


def by_sizes(layer, x, R, alpha, beta):
    """(x w)+ = (|x| |w| + x w) / 2."""
    sizes = layer.forward(np.abs(x), np.abs(layer.w))
    signed = layer.forward(x, layer.w)
    z_for = (sizes + signed) / 2 + (np.abs(layer.b) + layer.b) / 2
    z_against = (signed - sizes) / 2 - (np.abs(layer.b) - layer.b) / 2
    f, g = factors(z_for, z_against, alpha, beta)
    s, t = divided(R * f, z_for) / 2, divided(R * g, z_against) / 2
    return np.abs(x) * layer.backward(s - t, np.abs(layer.w)) + x * layer.backward(s + t, layer.w)


def part(layer, x, s, sign):
    """Relevance through contributions of one sign, given R over the denominator."""
    along = np.where(layer.w > 0, layer.w, 0)
    across = np.where(layer.w < 0, layer.w, 0)
    one, other = (along, across) if sign > 0 else (across, along)
    return np.clip(x, 0, None) * layer.backward(s, one) + np.clip(x, None, 0) * layer.backward(
        s, other
    )


def by_gradient(layer, x, R, alpha, beta):
    """A denominator is what comes back when ones are sent down and all inputs are added."""
    z_for = layer.forward(up(x), up(layer.w)) + layer.forward(-down(x), -down(layer.w))
    z_for = z_for + np.maximum(layer.b, 0)
    z_against = layer.forward(x, layer.w) + layer.b - z_for
    result = np.zeros(x.shape)
    for_shares = np.where((z_against == 0) | (beta == 0), 1, alpha)
    result += part(layer, x, tf.math.divide_no_nan(R * for_shares, z_for).numpy(), +1)
    if beta != 0:
        against_shares = np.where(z_for == 0, 1, -beta)
        result += part(layer, x, tf.math.divide_no_nan(R * against_shares, z_against).numpy(), -1)
    return result


def one_instance_at_a_time(layer, x, R, alpha, beta):
    return [four_passes(layer, x[[i]], R[[i]], alpha, beta)[0] for i in range(len(x))]


def in_float32(layer, x, R, alpha, beta):
    return four_passes(layer, x.astype("float32"), R.astype("float32"), alpha, beta)


def with_nan_to_num(layer, x, R, alpha, beta):
    negative = -x * (x < 0)
    w, v = layer.w * (layer.w > 0), -layer.w * (layer.w < 0)
    positive = x * (x > 0)
    p = layer.forward(positive, w) + layer.forward(negative, v) + np.clip(layer.b, 0, None)
    q = layer.forward(positive, v) + layer.forward(negative, w) + np.clip(-layer.b, 0, None)
    whole = (p == 0) ^ (q == 0)
    s = np.nan_to_num(np.where(whole, 1, alpha) * R / p, nan=0, posinf=0, neginf=0)
    t = np.nan_to_num(np.where(whole, 1, -beta) * R / q, nan=0, posinf=0, neginf=0)
    t = t if beta else np.zeros_like(t)
    return positive * (layer.backward(s, w) + layer.backward(t, v)) + negative * (
        layer.backward(s, v) + layer.backward(t, w)
    )


@pytest.mark.parametrize(
    "solution",
    [
        right,
        four_passes,
        by_sizes,
        by_gradient,
        one_instance_at_a_time,
        in_float32,
        with_nan_to_num,
    ],
)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_right_solutions_pass(solution):
    assert_passes(QUESTION, solution)


@pytest.mark.parametrize("name", MISTAKES)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_typical_mistakes_are_named(name):
    assert_fails(QUESTION, MISTAKES[name], module.SENTENCES[name])


def no_guard(layer, x, R, alpha, beta):
    z_for = layer.forward(up(x), up(layer.w)) + layer.forward(down(x), down(layer.w)) + up(layer.b)
    z_against = layer.forward(x, layer.w) + layer.b - z_for
    return part(layer, x, alpha * R / z_for, 1) - part(layer, x, beta * R / z_against, -1)


def tiny(layer, x, R, alpha, beta):
    z_for = layer.forward(up(x), up(layer.w)) + layer.forward(down(x), down(layer.w)) + up(layer.b)
    z_against = layer.forward(x, layer.w) + layer.b - z_for
    s, t = alpha * R / (z_for + 1e-12), beta * R / (z_against - 1e-12)
    return part(layer, x, s, 1) - part(layer, x, t, -1)


WRONG = [
    (no_guard, "NaN or infinity"),
    (tiny, module.SENTENCES["parts are lost"]),
    (lambda *given: four_passes(*given) * 2, "differs in"),
    (lambda *given: np.abs(four_passes(*given)), "differs in"),
    (lambda *given: np.maximum(four_passes(*given), 0), "differs in"),
    (lambda *given: four_passes(*given).sum(axis=0), "shape (3,)"),
    (lambda *given: four_passes(*given).T, "shape (3, 2)"),
    (lambda layer, x, R, alpha, beta: x @ np.maximum(layer.w, 0), "shape (2, 4)"),
    (lambda layer, x, R, alpha, beta: layer.backward(R, layer.w) @ layer.w.T, "ValueError"),
    (lambda layer, x, R: x, "TypeError"),
]


@pytest.mark.parametrize(("solution", "words"), WRONG)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_other_wrong_solutions_are_told_why(solution, words):
    assert_fails(QUESTION, solution, words)


def unfinished(layer, x, R, alpha, beta):
    raise NotImplementedError


@pytest.mark.parametrize("blank", [unfinished, lambda *given: None, lambda *given: ..., None, ...])
def test_an_empty_blank_is_not_attempted(blank):
    assert "not attempted yet" in verdict(QUESTION, blank)
