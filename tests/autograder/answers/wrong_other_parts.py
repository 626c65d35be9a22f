"""Plausible wrong answers to the other questions; pairs as in ``wrong_part_one``."""

from answers.wrong_hunts import WrongHunt

from hwkit.checks.hunt import HUNT as ASKED

_INSTANCE = "def top_neurons_of_instance(a, k):\n    return {}"
TOP_NEURONS_OF_INSTANCE = tuple(
    (mistake, _INSTANCE.format(answer))
    for mistake, answer in (
        ("mean", "np.argsort(-a.mean(axis=(0, 1)))[:k]"),
        ("minimum", "np.argsort(-a.min(axis=(0, 1)))[:k]"),
        ("most negative", "np.argsort(a.min(axis=(0, 1)))[:k]"),
        ("ascending", "np.argsort(a.max(axis=(0, 1)))[:k]"),
        ("least influential of the right ones first", "np.argsort(a.max(axis=(0, 1)))[-k:]"),
        ("sorted by index", "sorted(np.argsort(-a.max(axis=(0, 1)))[:k])"),
        ("absolute maximum", "np.argsort(-np.abs(a).max(axis=(0, 1)))[:k]"),
        ("mean of absolute values", "np.argsort(-np.abs(a).mean(axis=(0, 1)))[:k]"),
        ("spread", "np.argsort(-a.std(axis=(0, 1)))[:k]"),
        ("corner", "np.argsort(-a[0, 0])[:k]"),
        ("channels first", "np.argsort(-a.max(axis=(1, 2)))[:k]"),
        ("columns", "np.argsort(-a.max(axis=(0, 2)))[:k]"),
        ("flattened", "np.argsort(-a.ravel())[:k]"),
        ("one too many", "np.argsort(-a.max(axis=(0, 1)))[:k + 1]"),
        ("one too few", "np.argsort(-a.max(axis=(0, 1)))[:k - 1]"),
        ("first one skipped", "np.argsort(-a.max(axis=(0, 1)))[1:k + 1]"),
        ("counted from one", "np.argsort(-a.max(axis=(0, 1)))[:k] + 1"),
        ("values instead of indices", "np.sort(a.max(axis=(0, 1)))[::-1][:k]"),
        ("not numbers", "{'neurons': list(np.argsort(-a.max(axis=(0, 1)))[:k])}"),
        ("another shape", "np.argsort(-a.max(axis=(0, 1)))"),
    )
)

_CLASS = "def top_neurons_of_class(a, k):\n    return {}"
TOP_NEURONS_OF_CLASS = tuple(
    (mistake, _CLASS.format(answer))
    for mistake, answer in (
        ("max of mean map", "np.argsort(-a.mean(axis=0).max(axis=(0, 1)))[:k]"),
        ("mean", "np.argsort(-a.mean(axis=(0, 1, 2)))[:k]"),
        ("max over instances", "np.argsort(-a.max(axis=(0, 1, 2)))[:k]"),
        ("most negative", "np.argsort(a.min(axis=(1, 2)).mean(axis=0))[:k]"),
        ("absolute maximum", "np.argsort(-np.abs(a).max(axis=(1, 2)).mean(axis=0))[:k]"),
        ("median", "np.argsort(-np.median(a.max(axis=(1, 2)), axis=0))[:k]"),
        ("min over instances", "np.argsort(-a.max(axis=(1, 2)).min(axis=0))[:k]"),
        ("first instance", "np.argsort(-a[0].max(axis=(0, 1)))[:k]"),
        ("last instance", "np.argsort(-a[-1].max(axis=(0, 1)))[:k]"),
        ("ascending", "np.argsort(a.max(axis=(1, 2)).mean(axis=0))[:k]"),
        ("channels first", "np.argsort(-a.max(axis=(2, 3)).mean(axis=0))[:k]"),
        ("instances ranked", "np.argsort(-a.max(axis=(1, 2, 3)))[:k]"),
        ("one too many", "np.argsort(-a.max(axis=(1, 2)).mean(axis=0))[:k + 1]"),
        ("counted from one", "1 + np.argsort(-a.max(axis=(1, 2)).mean(axis=0))[:k]"),
        ("values instead of indices", "-np.sort(-a.max(axis=(1, 2)).mean(axis=0))[:k]"),
    )
)

_QUESTION = """
def most_influential(question, instances):
    a = question.explain(instances, ignore_difference_term={}).attribution
    strength = a.max(axis=(1, 2)).mean(axis=0)
    return {}
"""
MOST_INFLUENTIAL = tuple(
    (mistake, _QUESTION.format(ignore, answer))
    for mistake, ignore, answer in (
        ("difference term forgotten", True, "strength.argmax()"),
        ("least influential", False, "strength.argmin()"),
        ("first instance", False, "a[0].max(axis=(0, 1)).argmax()"),
        ("last instance", False, "a[-1].max(axis=(0, 1)).argmax()"),
        ("max of mean map", False, "a.mean(axis=0).max(axis=(0, 1)).argmax()"),
        ("mean", False, "a.mean(axis=(0, 1, 2)).argmax()"),
        ("max over instances", False, "a.max(axis=(0, 1, 2)).argmax()"),
        ("absolute maximum", False, "np.abs(a).max(axis=(1, 2)).mean(axis=0).argmax()"),
        ("most negative", False, "a.min(axis=(1, 2)).mean(axis=0).argmin()"),
        ("median", False, "np.median(a.max(axis=(1, 2)), axis=0).argmax()"),
        ("second", False, "np.argsort(-strength)[1]"),
        ("counted from one", False, "strength.argmax() + 1"),
        ("list of one", False, "np.argsort(-strength)[:1]"),
        ("values instead of indices", False, "strength.max()"),
        ("another shape", False, "np.argsort(-strength)"),
    )
)

_PROJECT = """
def project(explanation, layer, neuron, instance, focus=None):
    {}
"""
_EXPLAIN = "return explanation.for_input().channel({}).explain({})"
_ASK, _BLUR = "layer, neuron, focus", "blurred(instance[None])[0]"


def _project(ask: str = _ASK, explain: str = f"instance, False, {_BLUR}", after: str = "") -> str:
    return _PROJECT.format(_EXPLAIN.format(ask, explain) + after)


def _changed(change: str) -> str:
    return _PROJECT.format(
        "from dataclasses import replace\n    found = "
        + _EXPLAIN.format(_ASK, f"instance, False, {_BLUR}").removeprefix("return ")
        + f"\n    return replace(found, attribution={change})"
    )


PROJECT = (
    ("difference term forgotten", _project(explain=f"instance, baseline={_BLUR}")),
    ("baseline of zeros", _project(explain="instance, ignore_difference_term=False")),
    ("difference term forgotten, baseline of zeros", _project(explain="instance")),
    (
        "baseline of the mean colour",
        _project(explain="instance, False, instance.mean(axis=(0, 1)) + 0 * instance"),
    ),
    ("blurred more", _project(explain="instance, False, blurred(instance[None], sigma=2)[0]")),
    ("focus ignored", _project(ask="layer, neuron")),
    ("focus transposed", _project(ask="layer, neuron, None if focus is None else focus.T")),
    (
        "class instead of neuron",
        _PROJECT.format(
            f"return explanation.for_input().absolute(neuron).explain(instance, False, {_BLUR})"
        ),
    ),
    (
        "other layer",
        _project(
            ask="*(('early', neuron % 4) if layer == 'late' else ('late', neuron % 5)), focus"
        ),
    ),
    ("neuron after", _project(ask="layer, (neuron + 1) % (4 if layer == 'early' else 5), focus")),
    ("neuron before", _project(ask="layer, (neuron - 1) % (4 if layer == 'early' else 5), focus")),
    ("always neuron 0", _project(ask="layer, 0, focus")),
    ("sign turned", _changed("-found.attribution")),
    ("absolute value", _changed("np.abs(found.attribution)")),
    ("sum over colours", _changed("found.attribution.sum(axis=-1)")),
    (
        "question without instance",
        _PROJECT.format("return explanation.for_input().channel(layer, neuron, focus)"),
    ),
    ("not the explanation", _project(after=".attribution")),
    (
        "another slice",
        _PROJECT.format(
            "from dataclasses import replace\n    found = explanation.for_input().channel("
            f"layer, neuron, focus).explain(instance, False, {_BLUR})\n"
            "    return replace(found, layer=layer)"
        ),
    ),
)

_COMPRESS = """
def compress(x, influence, top, bottom):
    order = np.argsort(-influence)
    n = len(order)
    keep = np.zeros(n, dtype=bool)
    {}
    return {}
"""


def _compress(choose: str, answer: str = "x * keep") -> str:
    return _COMPRESS.format(choose, answer)


_RIGHT_ONES = "keep[order[:top]] = True; keep[order[n - bottom:]] = True"
COMPRESS = (
    ("bottom = 0 keeps everything", _compress("keep[order[:top]] = keep[order[-bottom:]] = True")),
    (
        "top = 0 keeps everything",
        _compress("keep[order[::-1][-top:]] = True; keep[order[n - bottom:]] = True"),
    ),
    ("mask inverted", _compress(_RIGHT_ONES, "x * ~keep")),
    (
        "top and bottom swapped",
        _compress("keep[order[:bottom]] = True; keep[order[n - top:]] = True"),
    ),
    (
        "swapped, and everything kept for 0",
        _compress(
            "order = np.argsort(influence); keep[order[:top]] = keep[order[-bottom:]] = True"
        ),
    ),
    ("absolute influence", _compress("keep[np.argsort(-np.abs(influence))[:top + bottom]] = True")),
    ("only the top", _compress("keep[order[:top]] = True")),
    (
        "only where the sign fits",
        _compress(
            _RIGHT_ONES + "; s = np.sign(influence); "
            "keep[order[:top]] &= s[order[:top]] > 0; "
            "keep[order[n - bottom:]] &= s[order[n - bottom:]] < 0"
        ),
    ),
    ("only the bottom", _compress("keep[order[n - bottom:]] = True")),
    ("top and bottom both of the top", _compress("keep[order[:top + bottom]] = True")),
    ("positions instead of ranks", _compress("keep[:top] = True; keep[n - bottom:] = True")),
    ("nothing set to zero", _compress("pass", "x + 0")),
    ("mask instead of slice", _compress(_RIGHT_ONES, "np.ones_like(x) * keep")),
    ("only the mask", _compress(_RIGHT_ONES, "keep")),
    ("only the kept channels", _compress(_RIGHT_ONES, "x[..., keep]")),
    ("multiplied by influence", _compress(_RIGHT_ONES, "x * keep * influence")),
    ("mean instead of zero", _compress(_RIGHT_ONES, "np.where(keep, x, x.mean(axis=(0, 1, 2)))")),
    (
        "one channel too many",
        _compress("keep[order[:top + 1]] = True; keep[order[n - bottom:]] = True"),
    ),
    ("changed in place", _compress(_RIGHT_ONES + "; x *= keep", "x")),
    ("changed in place", _compress(_RIGHT_ONES + "; influence.sort()")),
    (None, _compress(_RIGHT_ONES, "np.where(keep, x, 1e-2)")),
)

_RECALL = "def recall(p, l, c):\n    return {}"
RECALL = tuple(
    (mistake, _RECALL.format(answer))
    for mistake, answer in (
        ("precision", "(l[p == c] == c).mean()"),
        ("accuracy", "(p == l).mean()"),
        ("false-positive rate", "(p[l != c] == c).mean()"),
        ("true-negative rate", "(p[l != c] != c).mean()"),
        ("F1 score", "2 * ((p == c) & (l == c)).sum() / ((p == c).sum() + (l == c).sum())"),
        ("intersection over union", "((p == c) & (l == c)).sum() / ((p == c) | (l == c)).sum()"),
        ("number of hits", "((p == c) & (l == c)).sum()"),
        ("hits of all instances", "((p == c) & (l == c)).mean()"),
        ("predictions, not hits", "(p == c).sum() / (l == c).sum()"),
        ("share that is missed", "(p[l == c] != c).mean()"),
        ("percentage", "100 * (p[l == c] == c).mean()"),
        ("mean over classes", "np.mean([(p[l == i] == i).mean() for i in np.unique(l)])"),
        ("next class", "(p[l == (c + 1) % 4] == (c + 1) % 4).mean()"),
        ("class not used", "(p[l == 0] == 0).mean()"),
        ("agreement about the class", "((p == c) == (l == c)).mean()"),
        ("whole division", "((p == c) & (l == c)).sum() // (l == c).sum()"),
        ("NaN or infinity", "float('nan')"),
        ("not numbers", "str((p[l == c] == c).mean())"),
        ("not right", "(p[l == c] == c).mean() ** 3"),
    )
)

HUNT = WrongHunt(
    ASKED,
    ("evidence_on", "my_verdicts"),
    ("explain(world.model, x, 0)", "explain(other, x, 0)"),
    {"A": "ignores the network", "B": "sound", "C": "incomplete"},
).typical("error of the random network")
