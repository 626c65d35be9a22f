"""The checks of everything that ranks neurons, on attributions written down by hand.

The tables are chosen so that every way of ranking leads to another order. The orders are written
down too; the tests confirm that each is what its name says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from hwkit.checks.comparing import Case, judge, numbers, whole_numbers
from hwkit.checks.question import WrongAnswerError
from hwkit.checks.student_code import call

CHANNELS = 6
# (height 2, width 3, channels 6)
MAP = (
    ((-6, -7, -11, -14, -11, -16), (-10, 3, -7, 17, 9, -15), (-8, 7, 18, 17, -9, 2)),
    ((-20, -9, 9, 0, -13, -10), (-10, 0, -10, -15, 2, -10), (-18, -7, 13, 15, 7, -5)),
)
MAP_ORDERS: dict[str, tuple[int, ...]] = {
    "max": (2, 3, 4, 1, 5, 0),
    "mean": (3, 2, 1, 4, 5, 0),
    "min": (1, 2, 4, 3, 5, 0),
    "negative": (0, 5, 3, 4, 2, 1),
    "absolute max": (0, 2, 3, 5, 4, 1),
    "absolute mean": (3, 0, 2, 5, 4, 1),
    "spread": (3, 2, 4, 5, 1, 0),
    "corner": (0, 1, 2, 4, 3, 5),
}
# (instances 3, height 2, width 2, channels 6)
MAPS = (
    (
        ((2, -1, -7, 8, -20, -17), (7, 17, -19, -8, 2, 15)),
        ((7, -2, -19, -12, -3, -18), (-12, 18, 6, 9, -5, 17)),
    ),
    (
        ((-17, 19, 5, -17, 12, 17), (-15, -17, -4, -18, 10, -4)),
        ((-6, 2, 10, -5, 0, -19), (4, 10, -1, 9, -20, 9)),
    ),
    (
        ((-14, 1, -12, 6, 11, 8), (-11, -18, 0, 5, -12, -13)),
        ((-14, -14, -16, 18, 5, -1), (-14, -8, 4, 7, 8, -2)),
    ),
)
MAPS_ORDERS: dict[str, tuple[int, ...]] = {
    "mean of max": (5, 1, 3, 4, 2, 0),
    "max of max": (1, 3, 5, 4, 2, 0),
    "mean of mean": (1, 3, 5, 4, 2, 0),
    "max of mean map": (3, 5, 1, 2, 4, 0),
    "max of means": (3, 1, 4, 2, 0, 5),
    "absolute": (1, 4, 5, 3, 2, 0),
    "median": (1, 5, 4, 3, 2, 0),
    "first": (1, 5, 3, 0, 2, 4),
    "last": (3, 4, 5, 2, 1, 0),
    "min": (3, 5, 2, 4, 1, 0),
}
# Added to the three instances: one of them exceeds the others, which shows whoever takes a maximum,
# a minimum or a median over the instances.
OFFSETS = (0, 50, -50)
OFFSET_ORDERS = MAPS_ORDERS | {
    "max of max": (1, 5, 4, 2, 3, 0),
    "max of means": (1, 2, 5, 4, 3, 0),
    "absolute": (1, 5, 2, 4, 0, 3),
    "median": (1, 5, 3, 0, 2, 4),
    "min": (3, 4, 5, 2, 1, 0),
}
OTHER_OFFSETS = (-50, 0, 50)
OTHER_OFFSET_ORDERS = MAPS_ORDERS | {
    "max of max": (3, 4, 5, 2, 1, 0),
    "max of means": (3, 4, 5, 2, 1, 0),
    "absolute": (4, 3, 5, 2, 1, 0),
    "median": (1, 5, 4, 2, 3, 0),
    "min": (1, 5, 3, 0, 2, 4),
}
# The set that has MAP as its only instance.
ALONE_ORDERS = dict.fromkeys(MAPS_ORDERS, MAP_ORDERS["max"]) | {
    "mean of mean": MAP_ORDERS["mean"],
    "max of means": MAP_ORDERS["mean"],
    "absolute": MAP_ORDERS["absolute max"],
}
_BY_MEAN = "you rank by the mean of the map; here a channel ranks by the MAX of its map."
_TURNED = "the order is turned: the least influential channel comes first."
_END_TURNED = "these are the right channels, but the most influential of them comes last."
_HINTS = {
    _TURNED: "np.argsort sorts from the smallest to the largest.",
    _END_TURNED: "np.argsort sorts from the smallest to the largest.",
    "": "First one number for each channel, then the order of these numbers.",
}
_MAP_SENTENCES = {
    "mean": _BY_MEAN,
    "min": "you rank by the minimum of the map; here a channel ranks by the MAX of its map.",
    "negative": "these are the most negative channels; the most positive are asked for.",
    "absolute max": "an absolute value is taken: influence has a sign, and positive is asked for.",
    "absolute mean": "you rank by the mean of absolute values; here a channel ranks by its MAX.",
    "spread": "you rank by the spread of the map; here a channel ranks by the MAX of its map.",
    "corner": "only one pixel of the map counts; the MAX over the whole map is asked for.",
}
_MAPS_SENTENCES = {
    "max of mean map": "the maps are averaged over the instances before the maximum is taken; "
    "first every instance gives each channel its maximum.",
    "mean of mean": _BY_MEAN,
    "max of max": "a maximum is taken over the instances as well; their maxima are averaged.",
    "max of means": "you take the largest mean; the mean over instances of their maxima is asked.",
    "absolute": "an absolute value is taken: influence has a sign, and positive is asked for.",
    "median": "you take the median over the instances; the mean is asked for.",
    "min": "you take the minimum over the instances; the mean is asked for.",
    "first": "only the first instance counts; the mean over all instances is asked for.",
    "last": "only the last instance counts; the mean over all instances is asked for.",
}


def check_top_neurons_of_instance(function: Callable[..., Any]) -> None:
    """Judge the ranking for one instance ``(h, w, c)``.

    Raises:
        NotAttemptedError: the blank is empty. WrongAnswerError: another ranking.
    """
    judge(_instance_cases(function), _HINTS, "the ranking", weak=True)


def check_top_neurons_of_class(function: Callable[..., Any]) -> None:
    """Judge the ranking for a set of instances ``(n, h, w, c)``.

    Raises:
        NotAttemptedError: the blank is empty. WrongAnswerError: another ranking.
    """
    judge(_class_cases(function), _HINTS, "the ranking", weak=True)


def check_most_influential(function: Callable[..., Any]) -> None:
    """Judge the index of the channel of highest influence that a question gives for instances.

    Raises:
        NotAttemptedError: the blank is empty. WrongAnswerError: another channel.
    """
    judge(_question_cases(function), {}, "the index", weak=True)


def _instance_cases(function: Callable[..., Any]) -> Iterator[Case]:
    table = np.asarray(MAP, np.float32)
    all_negative = MAP_ORDERS | {
        "absolute max": MAP_ORDERS["negative"],
        "absolute mean": MAP_ORDERS["mean"][::-1],
    }
    for label, maps, orders, k in (
        ("k = 3", table, MAP_ORDERS, 3),
        ("k = 1", table, MAP_ORDERS, 1),
        ("k = 6, all channels", table, MAP_ORDERS, 6),
        ("k = 4, all attributions negative", table - 30, all_negative, 4),
        ("k = 2, channels in reversed order", table[..., ::-1], _mirrored(MAP_ORDERS), 2),
    ):
        answer = call(function, maps, k, case=label)
        found = whole_numbers(answer, k, CHANNELS, label)
        yield _ranking(label, found, orders, "max", _MAP_SENTENCES, k)


def _class_cases(function: Callable[..., Any]) -> Iterator[Case]:
    ks = (3, 4, 6, 1, 2)
    for k, (name, (maps, orders)) in zip(ks, class_tables().items(), strict=True):
        label = f"{name}, k = {k}"
        answer = call(function, maps, k, case=label)
        found = whole_numbers(answer, k, CHANNELS, label)
        yield _ranking(label, found, orders, "mean of max", _MAPS_SENTENCES, k)


def _question_cases(function: Callable[..., Any]) -> Iterator[Case]:
    for label, (maps, orders) in class_tables().items():
        question = HandmadeQuestion(maps)
        answer = call(function, question, question.instances, case=label)
        found = numbers(answer, (), "the index", label)
        if not found.item().is_integer() or not 0 <= found < CHANNELS:
            raise WrongAnswerError(
                f"one channel index is expected, a whole number below {CHANNELS}, received "
                f"{found.item():.4g} ({label})."
            )
        order = orders["mean of max"]
        mistakes = {
            "keep the difference term: explain(instances, ignore_difference_term=False).": (
                CHANNELS - 1 - order[0]
            ),
            "this is the least influential channel.": order[-1],
            **{sentence: orders[name][0] for name, sentence in _MAPS_SENTENCES.items()},
        }
        yield Case(
            label,
            found,
            np.asarray(float(order[0])),
            {sentence: np.asarray(float(index)) for sentence, index in mistakes.items()},
        )


def class_tables() -> dict[str, tuple[np.ndarray, dict[str, tuple[int, ...]]]]:
    """Attributions of sets of instances ``(n, h, w, c)`` and their orders, by a label."""
    table = np.asarray(MAPS, np.float32)

    def upright(offsets: tuple[int, ...]) -> np.ndarray:
        return np.asarray(offsets, np.float32).reshape(-1, 1, 1, 1)

    turned = MAPS_ORDERS | {"first": MAPS_ORDERS["last"], "last": MAPS_ORDERS["first"]}
    return {
        "3 instances": (table, MAPS_ORDERS),
        "3 instances of very different strength": (table + upright(OFFSETS), OFFSET_ORDERS),
        "3 instances, the last the strongest": (
            table + upright(OTHER_OFFSETS),
            OTHER_OFFSET_ORDERS,
        ),
        "3 instances in reversed order": (table[::-1], turned),
        "a single instance (1, h, w, c)": (np.asarray([MAP], np.float32), ALONE_ORDERS),
    }


class HandmadeQuestion:
    """Answers ``explain`` like an ``ExplanationForQuantity``, from attributions written down.

    Args:
        attributions: ``(n, h, w, c)`` for the n ``instances`` ``(n, 2, 2, 3)``. Without the
            difference term the channels come in reversed order, so that one can tell which was
            asked for.
    """

    def __init__(self, attributions: np.ndarray) -> None:
        self._attributions = attributions
        self.instances = np.arange(len(attributions), dtype=np.float32).reshape(-1, 1, 1, 1)
        self.instances = np.broadcast_to(self.instances, (len(attributions), 2, 2, 3)).copy()

    def explain(
        self, instance: np.ndarray, ignore_difference_term: bool = True, baseline: Any = None
    ) -> Any:
        """The attributions written down for these instances, found by their pixels.

        Raises:
            ValueError: other instances.
        """
        from hwkit.explanation import ExplanationData

        given = np.asarray(instance, np.float32)
        if given.shape[-3:] != self.instances.shape[1:] or given.ndim > 4:
            raise ValueError(f"Expected instances (n, 2, 2, 3). Received: shape {given.shape}.")
        single = given.ndim == 3
        which = given.reshape(-1, *self.instances.shape[1:])[:, 0, 0, 0]
        if not np.isin(which, self.instances).all():
            raise ValueError("Expected the instances that were passed in. Received: others.")
        found = self._attributions[which.astype(int)]
        found = found[..., ::-1] if ignore_difference_term else found
        error = 0.0 if single else np.zeros(len(found))
        return ExplanationData(found[0] if single else found, given, completeness_error=error)


def _ranking(
    label: str,
    found: np.ndarray,
    orders: dict[str, tuple[int, ...]],
    right: str,
    sentences: dict[str, str],
    k: int,
) -> Case:
    order = orders[right]
    mistakes = {
        _TURNED: order[::-1][:k],
        _END_TURNED: order[:k][::-1],
        **{text: orders[name][:k] for name, text in sentences.items() if name in orders},
    }
    return Case(
        label,
        found,
        np.asarray(order[:k], float),
        {text: np.asarray(indices, float) for text, indices in mistakes.items()},
    )


def _mirrored(orders: dict[str, tuple[int, ...]]) -> dict[str, tuple[int, ...]]:
    return {name: tuple(CHANNELS - 1 - i for i in order) for name, order in orders.items()}
