"""Plausible wrong answers to multiplier and reveal_cancel.

Each is a pair of the mistake that should be named and the source; ``None`` for a mistake that no
typical one explains.
"""

_MULTIPLIER = """
def multiplier(x, r, f, slope):
    gap = x - r
    same = {same}
    quotient = {quotient}
    return {end}
"""
_IN_FULL = {
    "same": "np.abs(gap) < 1e-6",
    "quotient": "(f(x) - f(r)) / np.where(same, 1, gap)",
    "end": "np.where(same, slope(x), quotient)",
}


def _multiplier(**changed: str) -> str:
    return _MULTIPLIER.format_map(_IN_FULL | changed)


MULTIPLIER = (
    ("f(x) by x", _multiplier(end="f(x) / x")),
    ("slope of x", _multiplier(end="slope(x)")),
    ("slope of r", _multiplier(end="slope(r)")),
    ("slope half-way", _multiplier(end="slope((x + r) / 2)")),
    ("mean of two slopes", _multiplier(end="(slope(x) + slope(r)) / 2")),
    ("outputs not divided", _multiplier(quotient="f(x) - f(r)")),
    (
        "upside down",
        "np.seterr(all='ignore')\n" + _multiplier(quotient="gap / (f(x) - f(r))"),
    ),
    ("sign turned", _multiplier(end="-np.where(same, slope(x), quotient)")),
    (
        "sign turned",
        _multiplier(quotient="(f(r) - f(x)) / np.where(same, 1, gap)"),
    ),
    ("f of the difference", _multiplier(quotient="f(gap) / np.where(same, 1, gap)")),
    ("f(r) forgotten", _multiplier(quotient="f(x) / np.where(same, 1, gap)")),
    ("divided by x", _multiplier(quotient="(f(x) - f(r)) / x")),
    ("absolute value", _multiplier(quotient="np.abs(f(x) - f(r)) / np.where(same, 1, gap)")),
    ("zero where equal", _multiplier(end="np.where(same, 0, quotient)")),
    ("zero where equal", _multiplier(end="(f(x) - f(r)) / (x - r + 1e-6)")),
    ("one where equal", _multiplier(end="np.where(same, 1, quotient)")),
    ("f where equal", _multiplier(end="np.where(same, f(x), quotient)")),
    ("slope of r where equal", _multiplier(end="np.where(same, slope(r), quotient)")),
    ("divided by zero", _multiplier(end="(f(x) - f(r)) / (x - r)")),
    ("only what is exactly equal", _multiplier(same="gap == 0")),
    ("only what is exactly equal", _multiplier(same="np.isclose(x, r)")),
    ("too many count as equal", _multiplier(same="np.abs(gap) < 1e-4")),
    ("r below x counts as equal", _multiplier(same="gap < 1e-6")),
    (
        "right, with a warning",
        _multiplier(end="np.where(same, slope(x), (f(x) - f(r)) / gap)"),
    ),
    (None, _multiplier(end="np.where(same, slope(x), quotient) ** 2")),
    (None, _multiplier(end="np.where(same, slope(x), quotient).ravel()[:-1]")),
)

_REVEAL_CANCEL = """
def reveal_cancel(r, plus, minus, f):
    {before}
    none, one, other, both = f(r), f(r + plus), f(r + minus), f(r + plus + minus)
    p = (one - none + both - other) / 2
    m = (other - none + both - one) / 2
    return {end}
"""


def _reveal_cancel(end: str = "p, m", before: str = "") -> str:
    return _REVEAL_CANCEL.format(end=end, before=before)


REVEAL_CANCEL = (
    ("shares exchanged", _reveal_cancel("m, p")),
    (
        "rescale",
        _reveal_cancel(
            "(both - none) / (plus + minus) * plus, (both - none) / (plus + minus) * minus"
        ),
    ),
    (
        "by size",
        _reveal_cancel(
            "(both - none) * plus / (plus - minus), (both - none) * -minus / (plus - minus)"
        ),
    ),
    ("only as the first", _reveal_cancel("one - none, other - none")),
    ("only as the second", _reveal_cancel("both - other, both - one")),
    ("plus always first", _reveal_cancel("one - none, both - one")),
    ("minus always first", _reveal_cancel("both - other, other - none")),
    ("half of the whole", _reveal_cancel("(both - none) / 2, (both - none) / 2")),
    ("not halved", _reveal_cancel("2 * p, 2 * m")),
    ("multipliers", _reveal_cancel("p / plus, m / minus")),
    (
        "r not used",
        _reveal_cancel(before="r = np.zeros_like(r)"),
    ),
    ("f(r) forgotten", _reveal_cancel("p + none / 2, m + none / 2")),
    ("f not used", _reveal_cancel("plus, minus")),
    (
        "always a ReLU",
        _reveal_cancel(before="f = lambda v: np.maximum(v, 0)"),
    ),
    ("share of plus twice", _reveal_cancel("p, p")),
    ("share of minus turned", _reveal_cancel("p, -m")),
    (
        "minus subtracted",
        _reveal_cancel(before="minus = -minus"),
    ),
    ("rest without f(r)", _reveal_cancel("p, both - p")),
    ("no pair", _reveal_cancel("p + m")),
    (None, _reveal_cancel("p ** 2, m")),
    (None, _reveal_cancel("p.sum(), m.sum()")),
)
