"""Plausible wrong answers to the hunt among methods that agree; pairs as in ``wrong_part_one``."""

from answers.wrong_hunts import AGAIN, Form, WrongHunt

from hwkit.checks.agreement_hunt import AGREEMENT_HUNT as ASKED

_PREPARED = """
    sums, others, size = here.sum((1, 2, 3)), there.sum((1, 2, 3)), np.abs(gain)
    sizes = np.abs(here), np.abs(there)
    def cut(masks): return [(a[k].ravel(), b[k].ravel()) for a, b, k in zip(here, there, masks)]
    def each(of, p, q): return [of(a[k].ravel(), b[k].ravel()) for a, b, k in zip(p, q, ink)]
    def rho(a, b): return spearmanr(a, b).statistic
    def pearson(a, b): return np.corrcoef(a, b)[0, 1]
    rhos, errors = each(rho, here, there), np.abs(sums - gain) / size
""".strip()
PAGES = Form(
    prepared=_PREPARED,
    error="np.mean(errors)",
    similarity="np.mean(rhos)",
    other_error="np.mean(np.abs(others - gain) / size)",
    errors=(
        ("error not relative", "np.mean(np.abs(sums - gain))"),
        ("sign of the error", "np.mean((sums - gain) / gain)"),
        ("sign of the error", "np.mean((sums - gain) / size)"),
        ("sign of the error turned", "np.mean(1 - sums / gain)"),
        ("relative to the sum", "np.mean(np.abs(sums - gain) / np.abs(sums))"),
        ("sum of absolute values", "np.mean(np.abs(sizes[0].sum((1, 2, 3)) - size) / size)"),
        ("sum of absolute values", "np.mean(np.abs(sizes[0].sum((1, 2, 3)) - gain) / size)"),
        ("ratio instead of error", "np.mean(sums / gain)"),
        ("difference of the two maps", "np.mean(np.abs(sums - others) / size)"),
        ("mean instead of sum", "np.mean(np.abs(here.mean((1, 2, 3)) - gain) / size)"),
        ("error squared", "np.mean((sums / gain - 1) ** 2)"),
        ("median instead of mean", "np.median(errors)"),
        ("sum instead of mean", "np.sum(errors)"),
        ("first picture only", "errors[0]"),
        ("worst picture", "np.max(errors)"),
        ("a number for each picture", "errors"),
        ("size after the mean", "abs(np.mean(sums / gain - 1))"),
        ("one ratio for all", "np.sum(np.abs(sums - gain)) / np.sum(size)"),
        ("all pictures at once", "abs(here.sum() - gain.sum()) / abs(gain.sum())"),
    ),
    similarities=(
        ("absolute value", "np.mean(each(rho, *sizes))"),
        ("Pearson", "np.mean(each(pearson, here, there))"),
        ("Pearson of absolute values", "np.mean(each(pearson, *sizes))"),
        ("Kendall", "np.mean(each(lambda a, b: kendalltau(a, b).statistic, here, there))"),
        ("p-value", "np.mean(each(lambda a, b: spearmanr(a, b).pvalue, here, there))"),
        ("whole result", "np.mean(each(spearmanr, here, there), axis=0)"),
        ("with itself", f"np.mean(each(rho, here, {AGAIN}))"),
        ("median instead of mean", "np.median(rhos)"),
        ("sum instead of mean", "sum(rhos)"),
        ("first picture only", "rhos[0]"),
        ("worst picture", "max(rhos)"),
        ("a number for each picture", "rhos"),
        ("all pictures at once", "rho(here[ink].ravel(), there[ink].ravel())"),
        ("all pixels", "np.mean([rho(a.ravel(), b.ravel()) for a, b in zip(here, there)])"),
        ("sizes of all pixels", "np.mean([rho(a.ravel(), b.ravel()) for a, b in zip(*sizes)])"),
    ),
)
_BLANKS = ("agreement_evidence_on", "my_agreement_verdicts")
_TRUTH = {"A": "sound", "B": "blind to training", "C": "does not add up"}
_WRONG = WrongHunt(ASKED, _BLANKS, ("explain(net, x, c)", "explain(control, x, c)"), _TRUTH, PAGES)
_OTHER_CLASS = WrongHunt(
    ASKED, _BLANKS, ("explain(net, x, 1 - c)", "explain(control, x, 1 - c)"), _TRUTH, PAGES
)
AGREEMENT_HUNT = (
    *_WRONG.typical("error of the control"),
    ("another class", _OTHER_CLASS.answer()),
    # Relative to the score instead of to its gain.
    (None, _WRONG.answer(error="np.mean(np.abs(sums - gain) / np.abs(net(x).numpy()[:, c]))")),
    # Compared with the score, as if nothing were said of bare paper.
    (None, _WRONG.answer(error="np.mean(np.abs(sums / net(x).numpy()[:, c] - 1))")),
    # Where the ink is black, not where there is some.
    (None, _WRONG.answer(similarity="np.mean([rho(*s) for s in cut(x > 0.9)])")),
    # Of the first picture's ink for all.
    (None, _WRONG.answer(similarity="np.mean([rho(*s) for s in cut(8 * [ink[0]])])")),
)
