"""Plausible wrong answers to the hunt among digits; pairs as in ``wrong_part_one``."""

from answers.wrong_hunts import WrongHunt

from hwkit.checks.class_hunt import CLASS_HUNT as ASKED

_WRONG = WrongHunt(
    ASKED,
    ("class_evidence_on", "my_class_verdicts"),
    ("explain(net, x, c)", "explain(net, x, rival)"),
    {"A": "sound", "B": "does not conserve", "C": "blind to the class"},
)
CLASS_HUNT = (
    *_WRONG.typical("error of the rival"),
    # Of the pixels with ink alone.
    (None, _WRONG.answer(similarity="spearmanr(a[x.ravel() > 0], b[x.ravel() > 0]).statistic")),
    # Relative to the score instead of to its gain.
    (None, _WRONG.answer(error="abs(here.sum() - gain) / abs(net(x[None]).numpy()[0, c])")),
)
