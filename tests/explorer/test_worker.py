"""The explorer's worker: what is wanted, in order; what is outdated ends at the next batch."""

from __future__ import annotations

import threading

import pytest

from hwkit.explorer.results import Failure, Key, Results
from hwkit.explorer.worker import Worker, reason_of

TIMEOUT = 20


def key(name: str) -> Key:
    return Key("result", (name,))


class Bench:
    """A worker whose every batch waits for a go."""

    def __init__(self, batches: int = 3) -> None:
        self.results = Results(2**20)
        self.batches = batches
        self.started: list[str] = []
        self.go = threading.Semaphore(0)
        self.at_batch = threading.Semaphore(0)
        self.news = threading.Semaphore(0)
        self.progress: list[tuple[str, int]] = []
        self.worker = Worker(
            self.compute,
            self.results,
            self.news.release,
            lambda each, points: self.progress.append((each.parts[0], points)),
        )

    def compute(self, wanted: Key, advance) -> str:
        name = wanted.parts[0]
        self.started.append(name)
        if name == "broken":
            raise ValueError("Expected something else. Received: this.")
        for _ in range(self.batches):
            self.at_batch.release()
            assert self.go.acquire(timeout=TIMEOUT)
            advance(10)
        return name.upper()

    def let(self, batches: int) -> None:
        for _ in range(batches):
            self.go.release()

    def until_result(self) -> None:
        assert self.news.acquire(timeout=TIMEOUT)

    def until_batch(self) -> None:
        assert self.at_batch.acquire(timeout=TIMEOUT)


def test_results_come_in_the_order_of_the_wish():
    bench = Bench()
    bench.worker.want([key("a"), key("b")])
    bench.let(6)
    bench.until_result()
    bench.until_result()
    assert bench.started == ["a", "b"]
    assert bench.results.get(key("b")) == "B"
    assert bench.progress[:4] == [("a", 10), ("a", 20), ("a", 30), ("b", 10)]


def test_an_outdated_computation_is_dropped_at_the_next_batch():
    bench = Bench(batches=100)
    bench.worker.want([key("old")])
    bench.until_batch()
    bench.worker.want([key("new")])
    bench.let(1)  # the batch under way ends; the old result is given up there
    bench.let(100)
    bench.until_result()
    assert bench.started == ["old", "new"]
    assert key("old") not in bench.results
    assert bench.results.get(key("new")) == "NEW"
    assert sum(name == "old" for name, _ in bench.progress) < 3


def test_what_is_still_wanted_is_not_begun_anew():
    bench = Bench(batches=3)
    bench.worker.want([key("a")])
    bench.until_batch()
    bench.worker.want([key("b"), key("a")])
    bench.let(6)
    bench.until_result()
    bench.until_result()
    assert bench.started == ["a", "b"]
    assert bench.progress[:3] == [("a", 10), ("a", 20), ("a", 30)]


def test_what_fails_is_kept_as_its_reason_and_the_rest_goes_on():
    bench = Bench(batches=0)
    bench.worker.want([key("broken"), key("a")])
    bench.until_result()
    bench.until_result()
    failure = bench.results.get(key("broken"))
    assert failure == Failure("Expected something else. Received: this.")
    assert bench.results.get(key("a")) == "A"


def test_the_thread_ends_with_the_work():
    bench = Bench(batches=0)
    for name in "abc":
        bench.worker.want([key(name)])
        bench.until_result()
    for thread in threading.enumerate():
        if thread.name == "explorer":
            thread.join(TIMEOUT)
            assert not thread.is_alive()
    assert bench.started == ["a", "b", "c"]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_listener_that_breaks_does_not_end_the_work_for_good():
    bench = Bench(batches=0)
    heard = []

    def breaks_once() -> None:
        heard.append(1)
        bench.news.release()
        if len(heard) == 1:
            raise RuntimeError("gone wrong in the page")

    bench.worker = Worker(bench.compute, bench.results, breaks_once, lambda *_: None)
    bench.worker.want([key("a")])
    bench.until_result()
    for thread in threading.enumerate():
        if thread.name == "explorer":
            thread.join(TIMEOUT)
    bench.worker.want([key("b")])
    bench.until_result()
    assert bench.results.get(key("b")) == "B"


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (ValueError("Expected 1."), "Expected 1."),
        (NotImplementedError("Answer II.2."), "Answer II.2."),
        (ValueError(), "ValueError: no message"),
        (ZeroDivisionError("division by zero"), "ZeroDivisionError: division by zero"),
        (KeyError("roof"), "KeyError: 'roof'"),
    ],
)
def test_errors_in_words(error, told):
    assert reason_of(error) == told
