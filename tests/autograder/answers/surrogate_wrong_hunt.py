"""Plausible wrong answers to the hunt among surrogates; pairs as in ``wrong_part_one``."""

from answers.wrong_hunts import WrongHunt

from hwkit.checks.surrogate_hunt import SURROGATE_HUNT as ASKED

_WRONG = WrongHunt(
    ASKED,
    ("surrogate_evidence_on", "my_surrogate_verdicts"),
    ("explain(net, x, c, squares)", "explain(shuffled, x, c, squares)"),
    {"A": "does not add up", "B": "blind to the network", "C": "sound"},
)
SURROGATE_HUNT = (
    *_WRONG.typical("error of the shuffled network"),
    # Relative to the score instead of to its gain.
    (None, _WRONG.answer(error="abs(here.sum() - gain) / abs(net(x[None]).numpy()[0, c])")),
    # Compared with the score, as if nothing were said of the grey page.
    (None, _WRONG.answer(error="abs(here.sum() / net(x[None]).numpy()[0, c] - 1)")),
    # Of the upper half of the page.
    (None, _WRONG.answer(similarity="spearmanr(a[:8], b[:8]).statistic")),
    # Which blocks are the largest four, in place of all ranks.
    (None, _WRONG.answer(similarity="len(set(a.argsort()[-4:]) & set(b.argsort()[-4:])) / 4")),
)
