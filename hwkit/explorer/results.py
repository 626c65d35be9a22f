"""What has been computed, found again by everything that it depends on."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

_OVERHEAD = 512  # bytes that an entry takes besides its arrays, about


class Key(NamedTuple):
    """Names a result by its kind and all that it depends on.

    Attributes:
        kind: which computation, such as "maps".
        parts: hashable values; equal parts mean an equal result.
    """

    kind: str
    parts: tuple[Any, ...]


@dataclass(frozen=True)
class Failure:
    """Stands for a result that could not be computed.

    Attributes:
        reason: in words for the user.
    """

    reason: str


class Results:
    """Results by key; the least recently used ones go when they take too much memory.

    Safe to use from several threads.

    Args:
        largest: bytes that all results may take together; the newest one and those that are in use
            stay, whatever their size.
    """

    def __init__(self, largest: int) -> None:
        self._largest = largest
        self._in_use: frozenset[Key] = frozenset()
        self._entries: OrderedDict[Key, tuple[Any, int]] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()

    @property
    def size(self) -> int:
        """Bytes that the results take, about."""
        return self._size

    def __contains__(self, key: Key) -> bool:
        return key in self._entries

    def get(self, key: Key) -> Any:
        """The result; ``None`` if there is none."""
        with self._lock:
            if key not in self._entries:
                return None
            self._entries.move_to_end(key)
            return self._entries[key][0]

    def put(self, key: Key, value: Any) -> None:
        """Keep a result, which is not ``None``."""
        size = _OVERHEAD + bytes_of(value)
        with self._lock:
            if key in self._entries:
                self._size -= self._entries.pop(key)[1]
            for old in [each for each in self._entries if each not in self._in_use]:
                if self._size + size <= self._largest:
                    break
                self._size -= self._entries.pop(old)[1]
            self._entries[key] = value, size
            self._size += size

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._entries.clear()
            self._size = 0

    def use(self, keys: Iterable[Key]) -> None:
        """From now on these are in use, and no others."""
        self._in_use = frozenset(keys)

    def get_or_make(self, key: Key, make: Callable[[], Any]) -> Any:
        """The result, made here and now if there is none."""
        value = self.get(key)
        if value is None:
            value = make()
            self.put(key, value)
        return value


def bytes_of(value: Any) -> int:
    """Bytes of the arrays and byte strings in a value, also inside lists, tuples and objects."""
    if isinstance(value, np.ndarray):
        return value.nbytes
    if isinstance(value, (bytes, str)):
        return len(value)
    if isinstance(value, (list, tuple)):
        return sum(bytes_of(each) for each in value)
    if isinstance(value, dict):
        return sum(bytes_of(each) for each in value.values())
    return sum(bytes_of(each) for each in vars(value).values()) if hasattr(value, "__dict__") else 0
