"""Reading and comparing answers: values by hand."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.comparing import (
    Misread,
    agrees,
    distance,
    number,
    numbers,
    part,
    plain_text,
    text,
    whole_numbers,
)

NAN, INF = float("nan"), float("inf")


def test_distance_is_the_sum_of_differences_over_the_sum_of_what_is_expected() -> None:
    assert distance(np.array([1.0, 2.0, 5.0]), np.array([1.0, 3.0, -4.0])) == pytest.approx(10 / 8)


def test_distance_to_nothing_is_not_relative_to_zero() -> None:
    assert distance(np.zeros(3), np.zeros(3)) == 0
    assert distance(np.array([0, 0, 1e-3]), np.zeros(3)) > 100


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (np.zeros(2), np.zeros(3)),
        (np.zeros((1, 2)), np.zeros(2)),
        (np.array([NAN, 1.0]), np.array([1.0, 1.0])),
        (np.array([INF, 1.0]), np.array([1.0, 1.0])),
        (np.array([1e308, 1e308, -1e308]), np.array([1.0, 1.0, -1e308])),
    ],
)
def test_what_cannot_be_compared_is_infinitely_far(found: np.ndarray, expected: np.ndarray) -> None:
    assert distance(found, expected) == INF
    assert not agrees(found, expected, 1e9)


def test_a_tolerance_is_the_largest_relative_error() -> None:
    right = np.array([2.0, -2.0])
    assert agrees(np.array([2.003, -2.0]), right, 1e-3)
    assert not agrees(np.array([2.005, -2.0]), right, 1e-3)


def test_without_a_tolerance_only_equal_is_right() -> None:
    right = np.array([3.0, 1.0])
    assert agrees(np.array([3.0, 1.0]), right, None)
    assert not agrees(np.array([3.0, 1.0 + 1e-12]), right, None)
    assert not agrees(np.array([[3.0, 1.0]]), right, None)
    assert not agrees(np.array([NAN, 1.0]), right, None)


@pytest.mark.parametrize(
    "value", [2, 2.0, np.array(2, "u1"), np.array(2.0, "f2"), np.array(2, "i8")]
)
def test_one_number_in_any_form(value: object) -> None:
    assert numbers(value) == 2.0
    assert number(value) == 2.0


@pytest.mark.parametrize(
    "value",
    [None, "2", [1, 2], {"a": 1}, 10**30, -(10**19), np.array(["2"]), np.array([None]), 2j],
)
def test_what_is_no_number_is_misread(value: object) -> None:
    with pytest.raises(Misread, match="not numbers"):
        numbers(value)


@pytest.mark.parametrize("value", [NAN, np.array([1.0]), np.array(INF)])
def test_one_number_is_finite_and_alone(value: object) -> None:
    with pytest.raises(Misread):
        number(value)


def test_indices_are_whole() -> None:
    assert whole_numbers(np.array([3.0, 1.0])).tolist() == [3, 1]
    with pytest.raises(Misread, match="values instead of indices"):
        whole_numbers(np.array([3.2, 1.0]))
    with pytest.raises(Misread, match="NaN"):
        whole_numbers(np.array([NAN]))


def test_entries_of_dictionaries() -> None:
    assert part({"a": 1}, "a") == 1
    assert text({"a": np.zeros(3)}, "a") == ""
    for wrong in (None, [], np.zeros(2), {"b": 1}):
        with pytest.raises(Misread):
            part(wrong, "a")


def test_text_from_a_box_is_short_and_on_one_line() -> None:
    assert plain_text("a\x1b[31m b\n\tc\u202e\x00") == "a [31m b c"
    long = plain_text("x" * 10_000)
    assert len(long) == 500
    assert long.endswith("x ...")
    assert plain_text(b"bytes") == ""
    # Markup stays as it is: whoever makes a page of it escapes it.
    assert plain_text("<b>") == "<b>"
