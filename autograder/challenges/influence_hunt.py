"""The challenge of the hunt: evidence on hidden explainers, and the verdicts.

``evidence_on`` is given explainers whose maps are drawn, so both of its numbers are known.

``my_verdicts`` may honestly be a rule that reads the evidence, or a dictionary that was written
down after a look at the table; a dictionary cannot follow evidence whose roles are shuffled, and
nothing is wrong with it. So the verdicts are marked by the truth about the notebook's three
suspects, and are right if they are on the notebook's own evidence or on evidence drawn close to
the true suspects': a wrong ``evidence_on`` costs its own points and none here.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, partial
from typing import Any

import numpy as np
from scipy import stats  # type: ignore[import-untyped]

from autograder.challenge import Case, Challenge, Mistake
from autograder.challenges.drawing import Maker, draw_cases
from autograder.comparing import Misread, distance, number, numbers, part, received
from hwkit.checks import hunt

_ERROR, _SIMILARITY = "the completeness error", "the similarity after randomising"
_VERDICTS = "the verdicts"
_SIDE = 12
_TOLERANCE = 1e-3
VERDICTS = (hunt.SOUND, hunt.INCOMPLETE, hunt.IGNORES)
# Near what the notebook's suspects give; whatever limits a student read off the table still hold.
_RANGES = {
    hunt.SOUND: ((0.0025, 0.0040), (0.52, 0.58)),
    hunt.INCOMPLETE: ((0.92, 0.95), (0.52, 0.56)),
    hunt.IGNORES: ((0.0, 0.00001), (0.9999, 1.0)),
}


@cache
def true_verdicts() -> dict[str, str]:
    """The verdict on each of the notebook's suspects; the visible check keeps their digests."""
    return {
        name: next(v for v in VERDICTS if hunt.digest(name, v) in hunt._TRUE) for name in hunt.NAMES
    }


def _draw_evidence(rng: np.random.Generator) -> Sequence[Case]:
    makers: list[Maker] = [
        *(partial(_evidence_case, aspect=_ERROR, factor=f) for f in (0.45, 1.6, 0.75)),
        *(partial(_evidence_case, aspect=_SIMILARITY, factor=f) for f in (0.6, 1.4, 0.8)),
        _verdict_case,
    ]
    return draw_cases(makers, rng)


def _evidence_case(rng: np.random.Generator, aspect: str, factor: float) -> Case:
    size, other = (np.exp(rng.normal(0, 1, (_SIDE, _SIDE))) for _ in range(2))
    mixed = size ** rng.uniform(0.3, 0.9) * other ** rng.uniform(0.3, 0.9)
    signs = np.where(rng.random((2, _SIDE, _SIDE)) < 0.75, 1, -1)
    here = _scaled(size * signs[0], factor + rng.uniform(-0.1, 0.1))
    there = _scaled(mixed * signs[1], rng.uniform(2.0, 3.0))
    a, b = (each[..., 0].astype(np.float64).ravel() for each in (here, there))
    total = 3 * float(a.sum())
    error = abs(total - 1)
    similarity = float(stats.spearmanr(np.abs(a), np.abs(b)).statistic)

    def read(value: Any) -> np.ndarray:
        found = _number(value, aspect)
        gain = abs(number(part(value, "gain")))
        not_divided = aspect == _ERROR and abs(gain - 1) > 0.01
        if not_divided and distance(found, np.asarray(error * gain)) < _TOLERANCE:
            raise Misread("error not relative")
        return found

    return Case(
        aspect,
        {"here": here, "there": there},
        np.asarray(error if aspect == _ERROR else similarity),
        partial(_wrong, aspect, a, b),
        _TOLERANCE,
        read,
    )


def _scaled(picture: np.ndarray, total: float) -> np.ndarray:
    """A map of three equal colours that adds up to ``total``, ``(h, w, 3)`` float32."""
    picture = picture * np.sign(picture.sum())
    return np.repeat((picture * total / picture.sum() / 3)[..., np.newaxis], 3, axis=2).astype("f4")


def _number(value: Any, aspect: str) -> np.ndarray:
    key, name = (
        ("error", hunt.COMPLETENESS) if aspect == _ERROR else ("similarity", hunt.SIMILARITY)
    )
    if type(value) is dict and "received" in value:
        raise Misread("evidence is no dictionary", received(value))
    keys = part(value, "keys")
    if type(keys) is not list or not any(type(k) is str and k == name for k in keys):
        raise Misread("evidence lacks an entry", f"'{name}'")
    return numbers(part(value, key))


def _wrong(aspect: str, a: np.ndarray, b: np.ndarray) -> dict[str, np.ndarray]:
    total, random_total = 3 * a.sum(), 3 * b.sum()
    # The three colours are alike: statistics of all elements, not of the pixels alone.
    here, there = np.repeat(a, 3), np.repeat(b, 3)
    similar = stats.spearmanr(np.abs(here), np.abs(there))
    if aspect == _ERROR:
        wrong = {
            "sign of the error": total - 1,
            "sign of the error turned": 1 - total,
            "relative to the sum": abs(total - 1) / abs(total),
            "sum of absolute values": abs(3 * np.abs(a).sum() - 1),
            "ratio instead of error": total,
            "error of the random network": abs(random_total - 1),
            "difference of the two maps": abs(total - random_total),
            "mean instead of sum": abs(a.mean() - 1),
            "error squared": (total - 1) ** 2,
            "percentage": 100 * abs(total - 1),
            "numbers exchanged": similar.statistic,
        }
    else:
        wrong = {
            "no absolute value": stats.spearmanr(here, there).statistic,
            "Pearson": np.corrcoef(np.abs(here), np.abs(there))[0, 1],
            "Pearson, no absolute value": np.corrcoef(here, there)[0, 1],
            "Kendall": stats.kendalltau(np.abs(here), np.abs(there)).statistic,
            "p-value": similar.pvalue,
            "whole result": np.asarray([similar.statistic, similar.pvalue]),
            "with itself": 1.0,
            "one minus similarity": 1 - similar.statistic,
            "squared": similar.statistic**2,
            "numbers exchanged": abs(total - 1),
        }
    return {name: np.asarray(each, np.float64) for name, each in wrong.items()}


def _verdict_case(rng: np.random.Generator) -> Case:
    truth = true_verdicts()
    evidence = {
        name: {
            hunt.COMPLETENESS: float(rng.uniform(*_RANGES[verdict][0])),
            hunt.SIMILARITY: float(rng.uniform(*_RANGES[verdict][1])),
        }
        for name, verdict in truth.items()
    }
    expected = _codes(truth)

    def read(value: Any) -> np.ndarray:
        if type(value) is not dict or not value or not set(value) <= {"own", "given"}:
            raise Misread("verdicts are no dictionary", received(value))
        troubles: list[Misread] = []
        for found in value.values():
            try:
                codes = _codes(found)
            except Misread as trouble:
                troubles.append(trouble)
                continue
            if np.array_equal(codes, expected):
                return codes
            troubles.append(Misread(_kind(codes, expected)))
        raise troubles[0]

    return Case(_VERDICTS, {"evidence": evidence}, expected, read=read, ask="my_verdicts")


def _codes(verdicts: Any) -> np.ndarray:
    """Each suspect's verdict as a number.

    Raises:
        Misread: not a known verdict for each suspect and for no other.
    """
    if type(verdicts) is not dict or "received" in verdicts:
        raise Misread("verdicts are no dictionary", received(verdicts))
    if set(verdicts) != set(hunt.NAMES):
        raise Misread("verdicts on other suspects")
    told = [verdicts[name] for name in hunt.NAMES]
    if any(type(each) is not str or _plain(each) not in VERDICTS for each in told):
        raise Misread("no such verdict")
    return np.asarray([float(VERDICTS.index(_plain(each))) for each in told])


def _plain(verdict: str) -> str:
    return " ".join(verdict.lower().replace("_", " ").split())


def _kind(codes: np.ndarray, expected: np.ndarray) -> str:
    if len(set(codes)) == 1:
        return "one verdict for all"
    if len(set(codes)) == 2:
        return "two verdicts alike"
    return "verdicts exchanged" if (codes == expected).any() else "every verdict exchanged"


_KEYS = "The two entries are called 'completeness error' and 'similarity after randomising'."
_ERROR_HINT = "|sum a - gain| / |gain|: how much of the difference in the score is missing."
_SIMILAR_HINT = "spearmanr(first, second).statistic compares the ranks of two lists of numbers."
_VERDICT_HINT = "Which number says that it adds up, and which that it looks at the network?"
_MISTAKES = (
    Mistake("error not relative", "the error is not divided by |Q(z) - Q(b)|.", _ERROR_HINT),
    Mistake("sign of the error", "the error has a sign; its size is asked for.", _ERROR_HINT),
    Mistake(
        "sign of the error turned", "the error has a sign; its size is asked for.", _ERROR_HINT
    ),
    Mistake(
        "relative to the sum",
        "the error is divided by the sum of the attributions, not by |Q(z) - Q(b)|.",
        _ERROR_HINT,
    ),
    Mistake(
        "sum of absolute values",
        "absolute attributions are added up; completeness is about the attributions.",
        _ERROR_HINT,
    ),
    Mistake("ratio instead of error", "this is what is explained, not the error.", _ERROR_HINT),
    Mistake(
        "error of the random network",
        "the attributions of the randomised network are added up.",
        _ERROR_HINT,
    ),
    Mistake(
        "difference of the two maps",
        "the sums of the two networks' attributions are compared; the gain is asked for.",
        _ERROR_HINT,
    ),
    Mistake("mean instead of sum", "the mean of the attributions is taken.", _ERROR_HINT),
    Mistake("error squared", "the error is squared; its size is asked for.", _ERROR_HINT),
    Mistake("percentage", "this is a percentage; a share is asked for.", _ERROR_HINT),
    Mistake("numbers exchanged", "the two numbers are exchanged.", _KEYS),
    Mistake(
        "no absolute value",
        "the attributions are compared with their signs; |attribution| is asked for.",
        _SIMILAR_HINT,
    ),
    Mistake("Pearson", "this is Pearson's correlation, not that of the ranks.", _SIMILAR_HINT),
    Mistake(
        "Pearson, no absolute value",
        "this is Pearson's correlation of attributions with their signs.",
        _SIMILAR_HINT,
    ),
    Mistake("Kendall", "this is Kendall's correlation, not Spearman's.", _SIMILAR_HINT),
    Mistake("p-value", "this is a p-value, not the correlation.", _SIMILAR_HINT),
    Mistake("whole result", "this is the whole result of spearmanr: two numbers.", _SIMILAR_HINT),
    Mistake(
        "with itself",
        "a map is compared with itself; one is of the trained, one of the randomised network.",
    ),
    Mistake(
        "one minus similarity", "this grows as the maps differ; a similarity does the opposite."
    ),
    Mistake("squared", "the correlation is squared.", _SIMILAR_HINT),
    Mistake("evidence is no dictionary", "evidence_on should return a dictionary.", _KEYS),
    Mistake("evidence lacks an entry", "the evidence lacks one of its two entries.", _KEYS),
    Mistake("verdicts are no dictionary", "my_verdicts should return a dictionary."),
    Mistake(
        "verdicts on other suspects",
        "my_verdicts should have an entry for each of A, B and C, and no other.",
    ),
    Mistake(
        "no such verdict",
        "a verdict is none of 'sound', 'incomplete' and 'ignores the network'.",
    ),
    Mistake("one verdict for all", "all suspects get the same verdict.", _VERDICT_HINT),
    Mistake("two verdicts alike", "two suspects get the same verdict.", _VERDICT_HINT),
    Mistake("verdicts exchanged", "verdicts are exchanged.", _VERDICT_HINT),
    Mistake("every verdict exchanged", "no verdict is right.", _VERDICT_HINT),
)

CHALLENGE = Challenge(
    question="hunt",
    title="The hunt",
    ask="evidence_on",
    blanks=("evidence_on", "my_verdicts"),
    aspects={_ERROR: 1.0, _SIMILARITY: 1.0, _VERDICTS: 2.0},
    draw=_draw_evidence,
    mistakes={each.name: each for each in _MISTAKES},
)
