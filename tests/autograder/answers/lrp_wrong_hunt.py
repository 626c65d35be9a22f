"""Plausible wrong answers to the hunt among digits; pairs as in ``wrong_part_one``."""

_ANSWER = """
def class_evidence_on(explain):
    from scipy.stats import kendalltau
    here, there = explain(net, x, c), explain(net, x, rival)
    a, b = np.abs(here).ravel(), np.abs(there).ravel()
    return {{"conservation error": {}, "similarity between classes": {}}}

def my_class_verdicts():
    return {}
"""
_TRUTH = {"A": "sound", "B": "does not conserve", "C": "blind to the class"}
_E, _S = "abs(here.sum() - gain) / abs(gain)", "spearmanr(a, b).statistic"


def _hunt(error: str = _E, similarity: str = _S, verdicts: object = _TRUTH) -> str:
    return _ANSWER.format(error, similarity, verdicts)


CLASS_HUNT = (
    ("error not relative", _hunt(error="abs(here.sum() - gain)")),
    ("sign of the error", _hunt(error="(here.sum() - gain) / gain")),
    ("sign of the error turned", _hunt(error="1 - here.sum() / gain")),
    ("relative to the sum", _hunt(error="abs(here.sum() - gain) / abs(here.sum())")),
    ("sum of absolute values", _hunt(error="abs(a.sum() - abs(gain)) / abs(gain)")),
    ("ratio instead of error", _hunt(error="here.sum() / gain")),
    ("error of the rival", _hunt(error="abs(there.sum() - gain) / abs(gain)")),
    ("difference of the two maps", _hunt(error="abs(here.sum() - there.sum()) / abs(gain)")),
    ("mean instead of sum", _hunt(error="abs(here.mean() - gain) / abs(gain)")),
    ("error squared", _hunt(error="(here.sum() / gain - 1) ** 2")),
    ("percentage", _hunt(error=f"100 * {_E}")),
    ("no absolute value", _hunt(similarity="spearmanr(here.ravel(), there.ravel()).statistic")),
    ("Pearson", _hunt(similarity="np.corrcoef(a, b)[0, 1]")),
    (
        "Pearson, no absolute value",
        _hunt(similarity="np.corrcoef(here.ravel(), there.ravel())[0, 1]"),
    ),
    ("Kendall", _hunt(similarity="kendalltau(a, b).statistic")),
    ("p-value", _hunt(similarity="spearmanr(a, b).pvalue")),
    ("whole result", _hunt(similarity="spearmanr(a, b)")),
    ("with itself", _hunt(similarity="spearmanr(a, np.abs(explain(net, x, c)).ravel()).statistic")),
    ("one minus similarity", _hunt(similarity=f"1 - {_S}")),
    ("squared", _hunt(similarity=f"{_S} ** 2")),
    ("numbers exchanged", _hunt(error=_S, similarity=_E)),
    ("evidence lacks an entry", _hunt().replace('"conservation error": ', '"completeness": ')),
    ("evidence is no dictionary", _hunt().replace('{"cons', '[{"cons').replace(f"{_S}}}", "0}]")),
    ("not numbers", _hunt(error=f"str({_E})")),
    # Of the pixels with ink alone.
    (None, _hunt(similarity="spearmanr(a[x.ravel() > 0], b[x.ravel() > 0]).statistic")),
    # Relative to the score instead of to its gain.
    (None, _hunt(error="abs(here.sum() - gain) / abs(net(x[None]).numpy()[0, c])")),
    ("verdicts exchanged", _hunt(verdicts=_TRUTH | {"A": "does not conserve", "B": "sound"})),
    ("one verdict for all", _hunt(verdicts=dict.fromkeys("ABC", "sound"))),
    ("two verdicts alike", _hunt(verdicts=_TRUTH | {"C": "sound"})),
    (
        "every verdict exchanged",
        _hunt(
            verdicts={"A": "blind to the class", "B": "sound", "C": "does not conserve"},
        ),
    ),
    ("no such verdict", _hunt(verdicts=_TRUTH | {"B": "incomplete"})),
    ("verdicts on other suspects", _hunt(verdicts={"A": "sound", "B": "does not conserve"})),
    ("verdicts are no dictionary", _hunt(verdicts=["sound", "does not conserve"])),
)
