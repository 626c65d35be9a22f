"""Plausible wrong answers to a hunt, whichever it is; pairs as in ``wrong_part_one``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hwkit.checks.hunting import Hunt

Pairs = tuple[tuple[str | None, str], ...]
# In an expression: the first map, made once more.
AGAIN = "AGAIN"
_ANSWER = """
def {evidence_on}(explain):
    from scipy.stats import kendalltau
    here, there = {here}, {there}
    {prepared}
    return {{"{error_key}": {error}, "{similarity_key}": {similarity}}}

def {my_verdicts}():
    return {verdicts}
"""


@dataclass(frozen=True)
class Form:
    """How the two numbers are written, and what can go wrong with each.

    Attributes:
        prepared: a line that both need; ``here`` and ``there`` are the maps.
        error, similarity: right expressions.
        other_error: the expression that adds up the map that is only to be compared with.
        errors, similarities: pairs of a mistake and its expression.
    """

    prepared: str
    error: str
    similarity: str
    other_error: str
    errors: Pairs
    similarities: Pairs


_E, _S = "abs(here.sum() - gain) / abs(gain)", "spearmanr(a, b).statistic"
ONE_PAGE = Form(
    prepared="a, b = np.abs(here).ravel(), np.abs(there).ravel()",
    error=_E,
    similarity=_S,
    other_error="abs(there.sum() - gain) / abs(gain)",
    errors=(
        ("error not relative", "abs(here.sum() - gain)"),
        ("sign of the error", "(here.sum() - gain) / gain"),
        ("sign of the error turned", "1 - here.sum() / gain"),
        ("relative to the sum", "abs(here.sum() - gain) / abs(here.sum())"),
        ("sum of absolute values", "abs(a.sum() - abs(gain)) / abs(gain)"),
        ("ratio instead of error", "here.sum() / gain"),
        ("difference of the two maps", "abs(here.sum() - there.sum()) / abs(gain)"),
        ("mean instead of sum", "abs(here.mean() - gain) / abs(gain)"),
        ("error squared", "(here.sum() / gain - 1) ** 2"),
    ),
    similarities=(
        ("no absolute value", "spearmanr(here.ravel(), there.ravel()).statistic"),
        ("Pearson", "np.corrcoef(a, b)[0, 1]"),
        ("Pearson, no absolute value", "np.corrcoef(here.ravel(), there.ravel())[0, 1]"),
        ("Kendall", "kendalltau(a, b).statistic"),
        ("p-value", "spearmanr(a, b).pvalue"),
        ("whole result", "spearmanr(a, b)"),
        ("with itself", f"spearmanr(a, np.abs({AGAIN}).ravel()).statistic"),
    ),
)


class WrongHunt:
    """Wrong answers to one hunt.

    Args:
        hunt: which.
        blanks: the functions that the student completes, on the evidence and on the verdicts.
        maps: how the two maps are made.
        truth: the true verdicts.
        form: how the numbers are written.
    """

    def __init__(
        self,
        hunt: Hunt,
        blanks: tuple[str, str],
        maps: tuple[str, str],
        truth: Mapping[str, str],
        form: Form = ONE_PAGE,
    ) -> None:
        self._hunt, self._blanks, self._maps, self._truth = hunt, blanks, maps, dict(truth)
        self._form = form

    def answer(self, error: str = "", similarity: str = "", verdicts: object = None) -> str:
        """The source of an answer that is right but for what is given."""
        return _ANSWER.format(
            evidence_on=self._blanks[0],
            my_verdicts=self._blanks[1],
            here=self._maps[0],
            there=self._maps[1],
            prepared=self._form.prepared,
            error_key=self._hunt.error,
            similarity_key=self._hunt.similarity,
            error=error or self._form.error,
            similarity=(similarity or self._form.similarity).replace(AGAIN, self._maps[0]),
            verdicts=self._truth if verdicts is None else verdicts,
        )

    def typical(self, other_error: str) -> Pairs:
        """All that can go wrong in any hunt.

        Args:
            other_error: what it is called to add up the map that is only to be compared with.
        """
        return (
            *self._errors(other_error),
            *self._similarities(),
            *self._forms(),
            *self._verdicts(),
        )

    def _errors(self, other_error: str) -> Pairs:
        right = self._form.error
        errors = (
            *self._form.errors,
            (other_error, self._form.other_error),
            ("percentage", f"100 * {right}"),
            ("not numbers", f"str({right})"),
        )
        return tuple((name, self.answer(error=error)) for name, error in errors)

    def _similarities(self) -> Pairs:
        right = self._form.similarity
        similarities = (
            *self._form.similarities,
            ("one minus similarity", f"1 - {right}"),
            ("squared", f"{right} ** 2"),
        )
        return tuple((name, self.answer(similarity=each)) for name, each in similarities)

    def _forms(self) -> Pairs:
        key, right = f'"{self._hunt.error}": ', self.answer()
        error, similarity = self._form.error, self._form.similarity
        listed = right.replace("return {" + key, "return [{" + key)
        return (
            ("numbers exchanged", self.answer(error=similarity, similarity=error)),
            ("evidence lacks an entry", right.replace(key, '"error": ')),
            ("evidence is no dictionary", listed.replace(f"{similarity}}}", "0}]")),
        )

    def _verdicts(self) -> Pairs:
        hunt, truth = self._hunt, self._truth
        sound, leaks, stays = (
            next(name for name, each in truth.items() if each == verdict)
            for verdict in hunt.verdicts
        )
        turned = {sound: hunt.leaks, leaks: hunt.stays, stays: hunt.sound}
        verdicts: dict[str, object] = {
            "verdicts exchanged": truth | {sound: hunt.leaks, leaks: hunt.sound},
            "one verdict for all": dict.fromkeys(truth, hunt.sound),
            "two verdicts alike": truth | {stays: hunt.sound},
            "every verdict exchanged": turned,
            "no such verdict": truth | {leaks: "guilty"},
            "verdicts on other suspects": {name: truth[name] for name in (sound, leaks)},
            "verdicts are no dictionary": list(truth.values()),
        }
        return tuple((name, self.answer(verdicts=each)) for name, each in verdicts.items())
