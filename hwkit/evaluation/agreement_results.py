"""Correlations of every two methods, picture by picture, and what they come to.

A mean without its spread misleads: methods that agree on one picture and contradict each other on
the next have the same mean as methods that agree half-way on all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import TYPE_CHECKING, Literal

import numpy as np

from hwkit.attribution.rank_correlation import kendall, rank_correlations, top_k_overlap
from hwkit.evaluation.intervals import Interval, bootstrap

if TYPE_CHECKING:
    import pandas as pd

Pairwise = Callable[[np.ndarray, np.ndarray], np.ndarray]
MEASURES = ("spearman", "kendall", "overlap")


@dataclass(frozen=True)
class Reading:
    """How maps are compared.

    Attributes:
        measure: "spearman", "kendall", "overlap" (of the tenth with the highest values, see
            ``top_k_overlap``), or a function of rows ``(n, m)`` and ``(n, m)`` that gives ``(n,)``,
            NaN where it is not defined.
        absolute: compare sizes, whatever the sign.
        where: "all" pixels; or "ink": those of a picture that differ from the reference. Methods
            that multiply by the difference give 0 to all others: ties at the bottom of all sizes,
            so that over all pixels the sizes of any two agree, even of random numbers.
    """

    measure: str | Pairwise = "spearman"
    absolute: bool = False
    where: Literal["all", "ink"] = "all"

    def __post_init__(self) -> None:
        if self.where not in ("all", "ink"):
            raise ValueError(f"Expected where 'all' or 'ink'. Received: {self.where!r}.")
        if not callable(self.measure) and self.measure not in MEASURES:
            raise ValueError(
                f"Expected the measure {', '.join(MEASURES)} or a function. Received: "
                f"{self.measure!r}."
            )

    @property
    def words(self) -> str:
        """For titles: what is compared, and how."""
        measure = getattr(self.measure, "__name__", None) or {
            "spearman": "Spearman's correlation",
            "kendall": "Kendall's tau-b",
            "overlap": "overlap of the top tenth",
        }.get(str(self.measure), "own measure")
        sizes = " of sizes" if self.absolute else ""
        return f"{measure}{sizes}, {'ink only' if self.where == 'ink' else 'all pixels'}"

    def compare(self, maps: np.ndarray, ink: np.ndarray) -> np.ndarray:
        """Every two of k methods on n pictures, ``(n, k, k)``.

        Args:
            maps: ``(k, n, m)``.
            ink: where the pictures differ from the reference ``(n, m)``.
        """
        values = np.abs(maps) if self.absolute else maps
        where = ink if self.where == "ink" else None
        if self.measure == "spearman":
            return rank_correlations(values, where)
        found = np.empty((values.shape[1], len(values), len(values)))
        for row in range(len(values)):
            for column in range(row, len(values)):
                found[:, row, column] = self._of_two(values[row], values[column], where)
                found[:, column, row] = found[:, row, column]
        return found

    def _of_two(self, one: np.ndarray, other: np.ndarray, where: np.ndarray | None) -> np.ndarray:
        if self.measure == "kendall":
            return kendall(one, other, where)
        if self.measure == "overlap":
            return top_k_overlap(one, other, where=where)
        function: Pairwise = self.measure  # type: ignore[assignment]
        if where is None:
            return np.asarray(function(one, other), np.float64)
        return np.array(
            [
                function(*(each[row][chosen][np.newaxis] for each in (one, other)))[0]
                if chosen.any()
                else np.nan
                for row, chosen in enumerate(where)
            ]
        )


def aggregated(correlations: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Mean, standard deviation and number over the pictures on which two methods can be compared.

    Args:
        correlations: ``(n, k, k)``; NaN where they are not defined.

    Returns:
        mean ``(k, k)``, NaN where no picture counts; deviation ``(k, k)`` (n - 1), NaN where fewer
        than two do; and how many count, integers ``(k, k)``.
    """
    ### BEGIN SOLUTION agreement: agreement
    defined = ~np.isnan(correlations)
    counted = defined.sum(axis=0)
    nothing = np.full(counted.shape, np.nan)
    total = np.where(defined, correlations, 0.0).sum(axis=0)
    mean = np.divide(total, counted, out=nothing.copy(), where=counted > 0)
    squares = np.square(np.where(defined, correlations - mean, 0.0)).sum(axis=0)
    variance = np.divide(squares, counted - 1, out=nothing, where=counted > 1)
    return mean, np.sqrt(variance), counted
    ### END SOLUTION


@dataclass(frozen=True, eq=False)
class Agreement:
    """How far k methods agree on n pictures.

    Attributes:
        names: of the methods, k of them.
        correlations: of every two on each picture ``(n, k, k)``; NaN where a map has a single
            value, so that it ranks nothing.
        classes: the class that was explained of each picture ``(n,)``.
        reading: how the maps were compared.
    """

    names: tuple[str, ...]
    correlations: np.ndarray
    classes: np.ndarray
    reading: Reading = Reading()

    def __len__(self) -> int:
        return len(self.correlations)

    @property
    def mean(self) -> np.ndarray:
        """The mean over the pictures ``(k, k)``; NaN where none can be compared."""
        return self._aggregated[0]

    @property
    def deviation(self) -> np.ndarray:
        """The standard deviation between pictures (n - 1) ``(k, k)``; NaN of fewer than two."""
        return self._aggregated[1]

    @property
    def counted(self) -> np.ndarray:
        """How many pictures count ``(k, k)``: those on which both methods rank something."""
        return self._aggregated[2]

    @cached_property
    def _aggregated(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        return aggregated(self.correlations)

    def pair(self, first: str, second: str) -> np.ndarray:
        """The correlations of two methods, picture by picture ``(n,)``, NaN where undefined.

        Raises:
            ValueError: a method that was not asked.
        """
        for name in (first, second):
            if name not in self.names:
                raise ValueError(
                    f"Expected one of the methods {', '.join(self.names)}. Received: {name!r}."
                )
        return self.correlations[:, self.names.index(first), self.names.index(second)]

    def intervals(
        self, level: float = 0.95, draws: int = 2000, seed: int = 0
    ) -> dict[tuple[str, str], Interval]:
        """Bootstrap intervals of the mean of every two methods; NaN of fewer than two pictures."""
        found = {}
        for pair in combinations(self.names, 2):
            values = self.pair(*pair)
            values = values[~np.isnan(values)]
            found[pair] = (
                bootstrap(values, level=level, draws=draws, seed=seed)
                if len(values) > 1
                else Interval(*([float("nan")] * 3))
            )
        return found

    def per_class(self) -> dict[int, Agreement]:
        """The pictures of each explained class by themselves."""
        return {
            int(c): Agreement(
                self.names,
                self.correlations[self.classes == c],
                self.classes[self.classes == c],
                self.reading,
            )
            for c in np.unique(self.classes)
        }

    def table(self, class_names: Sequence[str] = ()) -> pd.DataFrame:
        """A row for every two methods, over all pictures and of each class.

        Columns: class, first, second, mean, deviation (between pictures), low and high (95%
        interval of the mean), counted, undefined (pictures that were left out, because one of the
        two maps has a single value).

        Args:
            class_names: by index; without them the indices stand there.
        """
        import pandas as pd

        parts = {"all": self}
        of_classes = self.per_class()
        if len(of_classes) > 1:
            parts |= {
                class_names[c] if class_names else str(c): each for c, each in of_classes.items()
            }
        return pd.DataFrame([row for name, part in parts.items() for row in part._table_rows(name)])

    def _table_rows(self, class_name: str) -> Iterator[dict[str, object]]:
        for (first, second), interval in self.intervals().items():
            place = self.names.index(first), self.names.index(second)
            yield {
                "class": class_name,
                "first": first,
                "second": second,
                "mean": self.mean[place],
                "deviation": self.deviation[place],
                "low": interval.low,
                "high": interval.high,
                "counted": int(self.counted[place]),
                "undefined": len(self) - int(self.counted[place]),
            }


@dataclass(frozen=True, eq=False)
class SeedSpread:
    """The same methods on networks of several seeds of training.

    Attributes:
        names: of the methods, k of them.
        mean: over the networks, of the means over pictures ``(k, k)``.
        between_seeds: the standard deviation of these means (n - 1) ``(k, k)``.
        between_pictures: the mean over the networks of the deviation between pictures ``(k, k)``.
        networks: how many there are.
    """

    names: tuple[str, ...]
    mean: np.ndarray
    between_seeds: np.ndarray
    between_pictures: np.ndarray
    networks: int


def over_seeds(agreements: Sequence[Agreement]) -> SeedSpread:
    """How far the agreement depends on the seed of training.

    Raises:
        ValueError: fewer than two networks, or not the same methods.
    """
    names = {each.names for each in agreements}
    if len(agreements) < 2 or len(names) > 1:
        raise ValueError(
            "Expected the agreement of the same methods on two networks or more. Received: "
            f"{len(agreements)} of them, {len(names)} sets of methods."
        )
    means = np.stack([each.mean for each in agreements])
    return SeedSpread(
        agreements[0].names,
        means.mean(axis=0),
        means.std(axis=0, ddof=1),
        np.mean([each.deviation for each in agreements], axis=0),
        len(agreements),
    )
