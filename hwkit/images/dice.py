"""Random draws that are the same on every platform.

Only the raw 64-bit output of PCG64 is used, whose stream numpy guarantees; every distribution is
worked out here with operations that IEEE 754 rounds in one way only.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np

Item = TypeVar("Item")

_BLOCK = 256
_SQRT3 = 1.7320508075688772


class Dice:
    """A stream of random draws, told apart by its entropy (integers >= 0)."""

    def __init__(self, *entropy: int) -> None:
        self._bits = np.random.PCG64(np.random.SeedSequence(entropy))
        self._queue: list[float] = []

    def fork(self) -> Dice:
        """A stream of its own: what is drawn from it does not move this one."""
        return Dice(int(self.random() * 2**53))

    def random(self) -> float:
        """A number in [0, 1) with 53 random bits."""
        if not self._queue:
            words = self._bits.random_raw(_BLOCK)
            self._queue = ((words >> np.uint64(11)).astype(np.float64) * 2.0**-53).tolist()
            self._queue.reverse()
        return self._queue.pop()

    def uniform(self, low: float, high: float) -> float:
        """A number in [low, high)."""
        return low + (high - low) * self.random()

    def chance(self, probability: float) -> bool:
        """True with the given probability."""
        return self.random() < probability

    def integer(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        return low + int(self.random() * (high - low + 1))

    def choice(self, items: Sequence[Item]) -> Item:
        """One of the items, each as likely as the others."""
        return items[int(self.random() * len(items))]

    def bell(self, deviation: float) -> float:
        """A bell-shaped number with mean 0 and this standard deviation, never beyond 3.5 of it."""
        total = self.random() + self.random() + self.random() + self.random()
        return (total - 2.0) * _SQRT3 * deviation

    def bell_bytes(self, count: int) -> np.ndarray:
        """`count` sums (int32) of four uniform bytes, less their mean 510; deviation 147.8."""
        words = self._bits.random_raw((4 * count + 7) // 8)
        rows = words.astype("<u8").view(np.uint8)[: 4 * count].reshape(4, count)
        total = rows[0].astype(np.int32)
        for row in rows[1:]:
            total += row
        total -= 510
        return total
