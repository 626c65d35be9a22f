"""Computes what is wanted, one result after another, in a thread of its own.

The newest wish counts: work on a result that is no longer wanted ends at the next batch.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any

from hwkit.checks.waiting import waits_for
from hwkit.explorer.results import Failure, Key, Results

Advance = Callable[[int], None]


class OutdatedError(BaseException):
    """What is being computed is no longer wanted.

    Not an Exception, so that a student's own ``except Exception`` does not take it for an error.
    """


class Worker:
    """A thread that lives as long as there is work.

    Args:
        compute: makes the result of a key. It calls the function that it is given after each batch
            with the number of points done, and lets pass what that function raises.
        results: where results are kept. An exception of ``compute`` is kept there as a Failure.
        arrived: called in the worker's thread after each result.
        advanced: called in the worker's thread after each batch, with the key and all points that
            are done.
    """

    def __init__(
        self,
        compute: Callable[[Key, Advance], Any],
        results: Results,
        arrived: Callable[[], None],
        advanced: Callable[[Key, int], None],
    ) -> None:
        self._compute = compute
        self._results = results
        self._arrived = arrived
        self._advanced = advanced
        self._wanted: tuple[Key, ...] = ()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def want(self, keys: Sequence[Key]) -> None:
        """Compute these results, the first ones first, and nothing else any more."""
        with self._lock:
            self._wanted = tuple(keys)
            if self._next() is not None and self._thread is None:
                self._thread = threading.Thread(target=self._work, name="explorer", daemon=True)
                self._thread.start()

    def _next(self) -> Key | None:
        return next((key for key in self._wanted if key not in self._results), None)

    def _work(self) -> None:
        try:
            self._run()
        finally:  # whatever ended it, the next wish finds a worker
            with self._lock:
                if self._thread is threading.current_thread():
                    self._thread = None

    def _run(self) -> None:
        while True:
            with self._lock:
                key = self._next()
                if key is None:
                    self._thread = None
                    return
            try:
                value = self._compute(key, self._watch(key))
            except OutdatedError:
                continue
            except Exception as error:  # a student's own code may raise anything: it is shown
                value = Failure(reason_of(error))
            self._results.put(key, value)
            self._arrived()

    def _watch(self, key: Key) -> Advance:
        done = 0

        def advance(points: int) -> None:
            nonlocal done
            if key not in self._wanted:
                raise OutdatedError
            done += points
            self._advanced(key, done)

        return advance


def reason_of(error: Exception) -> str:
    """An exception in words: its own message, and its kind where it is not a plain error."""
    blank = waits_for(error)
    if blank is not None:
        return f"This waits {blank}"
    told = str(error).strip()
    plain = isinstance(error, (ValueError, TypeError, NotImplementedError, OSError)) and told
    return told if plain else f"{type(error).__name__}: {told or 'no message'}"
