"""The explorer's memory: bounded, and nothing that is shown is lost."""

from __future__ import annotations

import numpy as np

from hwkit.explorer.results import Key, Results, bytes_of


def key(number: int) -> Key:
    return Key("array", (number,))


def array(kilobytes: int) -> np.ndarray:
    return np.zeros(kilobytes * 1024, np.uint8)


def test_the_least_recently_used_goes_first():
    results = Results(11 * 1024)
    for number in range(3):
        results.put(key(number), array(3))
    results.get(key(0))
    results.put(key(3), array(3))  # the fourth does not fit
    assert [number for number in range(4) if key(number) in results] == [0, 2, 3]
    assert results.size <= 11 * 1024


def test_what_is_in_use_stays():
    results = Results(11 * 1024)
    results.put(key(0), array(3))
    results.use([key(0), key(99)])
    for number in range(1, 20):
        results.put(key(number), array(3))
    assert key(0) in results
    assert results.size <= 11 * 1024
    results.use([])
    for number in range(20, 24):
        results.put(key(number), array(3))
    assert key(0) not in results


def test_the_newest_is_kept_whatever_its_size():
    results = Results(1024)
    results.put(key(0), array(50))
    assert results.get(key(0)) is not None
    results.put(key(1), array(1))
    assert key(0) not in results


def test_an_entry_that_is_put_again_counts_once():
    results = Results(100 * 1024)
    for _ in range(50):
        results.put(key(0), array(5))
    assert results.size < 6 * 1024


def test_made_once():
    results, made = Results(1024), []
    for _ in range(3):
        assert results.get_or_make(key(0), lambda: made.append(1) or "done") == "done"
    assert len(made) == 1


def test_bytes_are_counted_inside_what_holds_them():
    assert bytes_of([array(2), (array(1), b"abc"), {"a": array(1)}]) == 4 * 1024 + 3
