from __future__ import annotations

import numpy as np
import pytest
import tensorflow as tf
from galleries import assert_fails, assert_passes, verdict


def plain(baseline, z, t):
    return baseline + t * (z - baseline)


def weighted(baseline, z, t):
    return (1 - t) * baseline + t * z


def in_tensorflow(baseline, z, t):
    b, z = tf.constant(baseline, tf.float32), tf.constant(z, tf.float32)
    return b + t * (z - b)


def element_by_element(baseline, z, t):
    out = np.empty(np.shape(z))
    for index in np.ndindex(np.shape(z)):
        out[index] = baseline[index] + t * (z[index] - baseline[index])
    return out


def with_einsum(baseline, z, t):
    return np.einsum("i,i...->...", [1 - t, t], np.stack([baseline, z]))


def as_list(baseline, z, t):
    return np.asarray(np.float64(baseline) + t * (z - baseline)).tolist()


def from_the_end(baseline, z, t):
    return z - (1 - t) * (z - baseline)


@pytest.mark.parametrize(
    "solution",
    [plain, weighted, in_tensorflow, element_by_element, with_einsum, as_list, from_the_end],
)
def test_right_solutions_pass(solution):
    assert_passes("path_point", solution)


def changes_baseline(baseline, z, t):
    baseline += t * (z - baseline)
    return baseline


WRONG = [
    (lambda b, z, t: z + t * (b - z), "backwards"),
    (lambda b, z, t: t * z, "the baseline is not used"),
    (lambda b, z, t: t * (z - b), "not the baseline that it starts from"),
    (lambda b, z, t: b + t * z, "at t = 1 it is not at z"),
    (lambda b, z, t: b - t * (z - b), "away from z"),
    (lambda b, z, t: z, "t is not used: this is z"),
    (lambda b, z, t: b, "t is not used: this is the baseline"),
    (lambda b, z, t: z - b, "whole step"),
    (lambda b, z, t: b + t**2 * (z - b), "first at"),
    (lambda b, z, t: np.round(b + t * (z - b)), "first at"),
    (lambda b, z, t: np.sum(b + t * (z - b)), "shape ()"),
    (lambda b, z, t: (b + t * (z - b))[None], "shape (1, 5)"),
    (lambda b, z, t: "b + t (z - b)", "received str"),
    (lambda b, z, t: np.log(0 * (b + t * (z - b))), "NaN or infinity"),
    (changes_baseline, "has been changed"),
    (lambda b, z: b, "TypeError"),
]


@pytest.mark.parametrize(("solution", "words"), WRONG)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_wrong_solutions_are_told_why(solution, words):
    assert_fails("path_point", solution, words)


def unfinished(baseline, z, t):
    raise NotImplementedError()


@pytest.mark.parametrize(
    "blank", [unfinished, lambda b, z, t: None, lambda b, z, t: ..., None, ...]
)
def test_an_empty_blank_is_not_attempted(blank):
    assert "not attempted yet" in verdict("path_point", blank)


def divides(baseline, z, t):
    wanted = 1 // 0
    return wanted


def test_an_error_names_type_message_and_the_students_own_line():
    said = verdict("path_point", divides)
    assert "ZeroDivisionError: integer division or modulo by zero" in said
    line = divides.__code__.co_firstlineno + 1
    assert f'your line {line}: "wanted = 1 // 0"' in said
    assert "Traceback" not in said


def test_the_answer_is_not_given_away():
    said = verdict("path_point", lambda b, z, t: b + t**2 * (z - b))
    assert "should" not in said
    # The verdict shows the student's own first number, never the closed form's.
    assert "you have" in said
