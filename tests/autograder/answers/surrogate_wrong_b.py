"""Plausible wrong answers to the constraint, the removal curve and the Bayesian draws.

Each is a pair of the mistake that should be named and the source; ``None`` for a mistake that no
typical one explains.
"""

_CONSTRAINED = """
def constrained_fit(Z, y, weights, empty, full):
    Z, d = Z.astype(float), Z.shape[1]
    w, total, t = {w}, {total}, {t}
    X = {X}
    r = np.sqrt(w)
    phi = np.linalg.lstsq(X * r[:, None], ({target}) * r, rcond=None)[0]
    return {end}
"""
_SUBSTITUTED = {
    "w": "weights",
    "total": "full - empty",
    "t": "y - empty",
    "X": "Z[:, :-1] - Z[:, -1:]",
    "target": "t - Z[:, -1] * total",
    "end": "np.append(phi, total - phi.sum())",
}


def _constrained(**changed: str) -> str:
    return _CONSTRAINED.format_map(_SUBSTITUTED | changed)


def _free(end: str) -> str:
    return _constrained(X="Z", target="t", end=end)


def _softly(weight: str) -> str:
    return _constrained(
        X="np.vstack([Z, np.ones((1, d))])",
        w=f"np.append(weights, {weight})",
        target="np.append(t, total)",
        end="phi",
    )


_BORDERED = """
def constrained_fit(Z, y, weights, empty, full):
    d = Z.shape[1]
    A = {A}
    system = np.block([[A, np.ones((d, 1))], [np.ones((1, d)), np.zeros((1, 1))]])
    right = np.append(Z.T @ (weights * (y - empty)), full - empty)
    return np.linalg.solve(system, right){end}
"""

CONSTRAINED_FIT = (
    ("constraint ignored", _free("phi")),
    ("scaled afterwards", _free("phi * total / phi.sum()")),
    ("rest spread evenly", _free("phi + (total - phi.sum()) / d")),
    ("rest to the last player", _free("np.append(phi[:-1], total - phi[:-1].sum())")),
    ("constraint only nearly", _softly("1e6")),
    ("soft constraint", _softly("1000")),
    ("equal shares", _constrained(end="np.full(d, total / d)")),
    ("empty forgotten in y", _constrained(t="y")),
    ("sum is full", _constrained(total="full")),
    ("empty not used", _constrained(t="y", total="full")),
    ("empty added", _constrained(t="y + empty")),
    ("empty and full exchanged", _constrained(total="empty - full")),
    ("y minus full", _constrained(t="y - full")),
    ("weights ignored", _constrained(w="np.ones(len(y))")),
    ("weights squared", _constrained(w="weights ** 2")),
    ("square roots of the weights", _constrained(w="np.sqrt(weights)")),
    ("divided by the weights", _constrained(w="1 / weights")),
    (
        "an intercept of its own",
        _constrained(
            X="np.column_stack([np.ones(len(y)), Z[:, :-1] - Z[:, -1:]])",
            end="np.append(phi[1:], total - phi[1:].sum())",
        ),
    ),
    ("penalised", _BORDERED.format(A="(Z.T * weights) @ Z + np.eye(d)", end="[:d]")),
    ("multiplier left in", _BORDERED.format(A="(Z.T * weights) @ Z", end="")),
    ("sign of the last player's part", _constrained(target="t + Z[:, -1] * total")),
    ("last player's part not moved", _constrained(target="t")),
    ("last column added", _constrained(X="Z[:, :-1] + Z[:, -1:]")),
    ("last column not subtracted", _constrained(X="Z[:, :-1]")),
    ("last player left out of the fit", _constrained(X="Z[:, :-1]", target="t")),
    ("last value without the gap", _constrained(end="np.append(phi, -phi.sum())")),
    ("last value missing", _constrained(end="phi")),
    (None, _constrained(w="weights / (1 + weights)", t="y - empty / 2")),
    (None, _constrained(end="np.append(phi, total - phi.sum())[::-1]")),
    (None, _constrained(end="np.full((d, 1), np.nan)")),
)

_KEEP_TOP = """
def keep_top(pictures, maps, fraction, fill):
    n, h, w, c = pictures.shape
    flat, size = {flat}, h * w
    k = {k}
    kept = np.zeros((n, size), bool)
    for i, m in enumerate(flat):
        {choose}
    kept = kept.reshape(n, h, w)[..., None]
    return {end}
"""
_CHOSEN = {
    "flat": "maps.reshape(n, -1)",
    "k": "int(fraction * size + 0.5)",
    "choose": 'kept[i, np.argsort(-m, kind="stable")[:k]] = True',
    "end": "np.where(kept, pictures, fill)",
}


def _keep_top(**changed: str) -> str:
    return _KEEP_TOP.format_map(_CHOSEN | changed)


KEEP_TOP = (
    ("lowest kept", _keep_top(flat="-maps.reshape(n, -1)")),
    ("removed instead of kept", _keep_top(end="np.where(kept, fill, pictures)")),
    ("that share removed", _keep_top(k="size - int(fraction * size + 0.5)")),
    ("by size, without sign", _keep_top(flat="np.abs(maps).reshape(n, -1)")),
    ("channels counted as pixels", _keep_top(k="int(fraction * size * c + 0.5)")),
    ("nothing removed", _keep_top(end="pictures")),
    ("the mask alone", _keep_top(end="kept[..., 0]")),
    ("multiplied by the maps", _keep_top(end="pictures * maps[..., None]")),
    ("rounded down", _keep_top(k="int(fraction * size)")),
    ("rounded up", _keep_top(k="int(np.ceil(fraction * size))")),
    ("a half rounded to even", _keep_top(k="round(fraction * size)")),
    ("one pixel too few", _keep_top(choose="kept[i] = m > np.sort(m)[-k]")),
    (
        "nothing kept read as all",
        _keep_top(
            choose='back = size - 1 - np.argsort(m[::-1], kind="stable"); kept[i, back[-k:]] = True'
        ),
    ),
    ("equal pixels all kept", _keep_top(choose="kept[i] = m >= np.sort(m)[-k]")),
    (
        "equal pixels all left out",
        _keep_top(choose="kept[i] = m > np.sort(np.append(m, m.min() - 1))[::-1][k]"),
    ),
    (
        "equal pixels in another order",
        _keep_top(choose="kept[i, np.argsort(m, kind='stable')[::-1][:k]] = True"),
    ),
    (
        "equal pixels in another order",
        _keep_top(choose="kept[i, np.lexsort((np.arange(size) % h, -m))[:k]] = True"),
    ),
    (
        "equal pixels in another order",
        _keep_top(choose="kept[i, np.argsort(m)[size - k :]] = True"),
    ),
    ("above a quantile", _keep_top(choose="kept[i] = m >= np.quantile(m, 1 - fraction)")),
    (
        "above a share of the highest value",
        _keep_top(choose="kept[i] = m >= (1 - fraction) * m.max()"),
    ),
    (
        "order taken for ranks",
        _keep_top(choose='kept[i] = np.argsort(-m, kind="stable") < k'),
    ),
    (
        "one threshold for all pictures",
        _keep_top(
            choose='kept.reshape(-1)[np.argsort(-flat.ravel(), kind="stable")[: n * k]] = True'
        ),
    ),
    ("first map for all", _keep_top(flat="np.repeat(maps[:1].reshape(1, -1), n, axis=0)")),
    ("mean map for all", _keep_top(flat="np.repeat(maps.mean(0).reshape(1, -1), n, axis=0)")),
    (
        "rows and columns exchanged",
        _keep_top(
            end="np.where(kept.reshape(n, w, h).transpose(0, 2, 1)[..., None], pictures, fill)"
        ),
    ),
    ("fill not used", _keep_top(end="kept * pictures")),
    ("mean of the fill", _keep_top(end="np.where(kept, pictures, np.mean(fill))")),
    (
        "mean of the picture instead of fill",
        _keep_top(end="np.where(kept, pictures, pictures.mean(axis=(1, 2, 3), keepdims=True))"),
    ),
    (
        "first colour of the fill",
        _keep_top(
            end="np.where(kept, pictures, fill if np.ndim(fill) != 1 else np.ravel(fill)[0])"
        ),
    ),
    (
        "first picture's fill for all",
        _keep_top(end="np.where(kept, pictures, fill[0] if np.ndim(fill) == 4 else fill)"),
    ),
    (
        "other channels left",
        _keep_top(end="np.where(np.arange(c) == 0, np.where(kept, pictures, fill), pictures)"),
    ),
    (None, _keep_top(k="int(fraction * size + 0.5) + 3 * (fraction > 0)")),
    (None, _keep_top(end="np.where(kept, pictures, fill)[..., 0]")),
    (None, _keep_top(end="np.where(kept, pictures, np.nan)")),
)

_TOP = _keep_top()
_CURVE = (
    _TOP
    + """
def softmax(f):
    e = np.exp(f - f.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)

def removal_curve(predict, pictures, labels, maps, fractions, fill):
    n, m, x = len(pictures), len(fractions), np.asarray(fractions)
    whole = predict(pictures)
    a = []
    for i, f in enumerate(x):
        scores = predict(keep_top(pictures, {maps}, {fraction}, {fill}))
        a.append({hit})
    a = np.array(a)
    area = {area}
    return {end}
"""
)
_RULE = "((a[1:] + a[:-1]) / 2 * np.diff(x)).sum()"
_LOOP = {
    "maps": "maps",
    "fraction": "f",
    "fill": "fill",
    "hit": "np.mean(scores.argmax(axis=1) == labels)",
    "area": f"{_RULE} / (x[-1] - x[0])",
    "end": "a, area",
}


def _curve(**changed: str) -> str:
    return _CURVE.format_map(_LOOP | changed)


def _area(area: str) -> str:
    return _curve(area=area)


REMOVAL_CURVE = (
    ("errors instead of accuracies", _curve(hit="np.mean(scores.argmax(axis=1) != labels)")),
    ("fractions from the last", _curve(end="a[::-1], area")),
    ("counted, not divided", _curve(hit="np.sum(scores.argmax(axis=1) == labels)")),
    ("per cent", _curve(hit="100 * np.mean(scores.argmax(axis=1) == labels)")),
    ("labels not used", _curve(hit="np.mean(scores.argmax(axis=1) == whole.argmax(axis=1))")),
    ("lowest score", _curve(hit="np.mean(scores.argmin(axis=1) == labels)")),
    ("that share removed", _curve(fraction="1 - f")),
    ("lowest kept", _curve(maps="-maps")),
    ("whole pictures", _curve(hit="np.mean(whole.argmax(axis=1) == labels)")),
    (
        "relative to the whole pictures",
        _curve(hit="np.mean(scores.argmax(1) == labels) / np.mean(whole.argmax(1) == labels)"),
    ),
    (
        "loss of accuracy",
        _curve(hit="np.mean(whole.argmax(1) == labels) - np.mean(scores.argmax(1) == labels)"),
    ),
    ("first fraction for all", _curve(fraction="x[0]")),
    (
        "first fraction for all",
        _curve()
        .replace("scores = predict(", "pictures = (")
        .replace("        a.append", "        scores = predict(pictures)\n        a.append"),
    ),
    ("last fraction for all", _curve(fraction="x[-1]")),
    ("fill not passed on", _curve(fill="0")),
    ("first map for all", _curve(maps="np.repeat(maps[:1], n, axis=0)")),
    ("mean score", _curve(hit="scores[np.arange(n), labels].mean()")),
    ("mean probability", _curve(hit="softmax(scores)[np.arange(n), labels].mean()")),
    (
        "mean over classes",
        _curve(
            hit="np.mean([np.mean(scores[labels == k].argmax(1) == k) for k in np.unique(labels)])"
        ),
    ),
    (
        "hits of every picture",
        _curve(
            hit="scores.argmax(axis=1) == labels",
            area="((a[1:] + a[:-1] * 1.0).mean(axis=1) / 2 * np.diff(x)).sum() / (x[-1] - x[0])",
        ),
    ),
    ("mean over the fractions", _curve(end="a.mean(), area")),
    ("one of the two alone", _curve(end="a")),
    ("area first", _curve(end="area, a")),
    ("mean of the accuracies", _area("a.mean()")),
    ("sum of the accuracies", _area("a.sum()")),
    ("not divided by the range", _area(_RULE)),
    ("multiplied by the range", _area(f"{_RULE} * (x[-1] - x[0])")),
    ("divided by the last fraction", _area(f"{_RULE} / x[-1]")),
    ("divided by the number of fractions", _area(f"{_RULE} / m")),
    ("left ends", _area("(a[:-1] * np.diff(x)).sum() / (x[-1] - x[0])")),
    ("right ends", _area("(a[1:] * np.diff(x)).sum() / (x[-1] - x[0])")),
    ("spacing not used", _area("((a[1:] + a[:-1]) / 2).mean()")),
    ("spacing one", _area("((a[1:] + a[:-1]) / 2).sum()")),
    ("trapezoids not halved", _area("((a[1:] + a[:-1]) * np.diff(x)).sum() / (x[-1] - x[0])")),
    ("sign turned", _area(f"{_RULE} / (x[0] - x[-1])")),
    ("one minus the area", _area(f"1 - {_RULE} / (x[-1] - x[0])")),
    ("first fraction taken for zero", _area("(a * np.diff(x, prepend=0)).sum()")),
    ("fractions over accuracies", _area("((x[1:] + x[:-1]) / 2 * np.diff(a)).sum()")),
    (None, _curve(hit="np.mean(scores.argmax(axis=1) == labels) ** 2")),
    (None, _area("np.median(a) + 0.01")),
    (None, _curve(end="a, None")),
)

_SAMPLED = """
def sample_weights(mean, rho, noise):
    deviation = {deviation}
    return {end}
"""
_SOFTPLUS = "np.logaddexp(0, rho)"


def _sampled(deviation: str = _SOFTPLUS, end: str = "mean + deviation * noise") -> str:
    return _SAMPLED.format(deviation=deviation, end=end)


SAMPLE_WEIGHTS = (
    ("exp instead of softplus", _sampled("np.exp(rho)")),
    ("exp of half", _sampled("np.exp(rho / 2)")),
    ("rho as deviation", _sampled("rho")),
    ("only the positive part", _sampled("np.maximum(rho, 0)")),
    ("sigmoid", _sampled("1 / (1 + np.exp(-rho.astype(float)))")),
    ("sign of rho", _sampled("np.logaddexp(0, -rho)")),
    ("softplus squared", _sampled(f"{_SOFTPLUS} ** 2")),
    ("root of softplus", _sampled(f"np.sqrt({_SOFTPLUS})")),
    ("logarithm of softplus", _sampled(f"np.log({_SOFTPLUS})")),
    ("logarithm to base 2", _sampled(f"{_SOFTPLUS} / np.log(2)")),
    ("logarithm to base 10", _sampled(f"{_SOFTPLUS} * np.log10(np.e)")),
    ("overflow", _sampled("np.log1p(np.exp(rho))")),
    ("as it is written", _sampled("np.log(1 + np.exp(rho))")),
    (
        "as it is written, in double precision",
        _sampled("np.log(1 + np.exp(rho.astype(np.float64)))"),
    ),
    ("mean forgotten", _sampled(end="deviation * noise")),
    ("noise forgotten", _sampled(end="mean + deviation + 0 * noise")),
    ("mean alone", _sampled(end="mean + 0 * noise")),
    ("noise subtracted", _sampled(end="mean - deviation * noise")),
    ("mean times noise", _sampled(end="(mean + deviation) * noise")),
    ("mean and rho exchanged", _sampled("np.logaddexp(0, mean)", "rho + deviation * noise")),
    (
        "mean over the samples",
        _sampled(
            end="(mean + deviation * noise).mean(0) if noise.ndim > mean.ndim "
            "else mean + deviation * noise"
        ),
    ),
    (
        "first sample alone",
        _sampled(end="mean + deviation * (noise[0] if noise.ndim > mean.ndim else noise)"),
    ),
    (
        "first sample for all",
        _sampled(
            end="mean + deviation * (noise[:1] + 0 * noise if noise.ndim > mean.ndim else noise)"
        ),
    ),
    # Cut off above: no overflow, but not right either.
    (None, _sampled("np.log1p(np.exp(np.minimum(rho, 20)))")),
    (None, _sampled(f"{_SOFTPLUS} + 0.1")),
    (None, _sampled(end="[mean, deviation]")),
)

_PREDICTED = """
def softmax(f, axis=-1):
    e = np.exp(f - f.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)

def predictive(logits):
    np.seterr(all="ignore")
    f, samples = logits, len(logits)
    p = {p}
    mean = {mean}
    spread = {spread}
    return {end}
"""
_BOTH = {
    "p": "softmax(f)",
    "mean": "p.mean(axis=0)",
    "spread": "p.std(axis=0)",
    "end": "mean, spread",
}


def _predicted(**changed: str) -> str:
    return _PREDICTED.format_map(_BOTH | changed)


PREDICTIVE = (
    ("softmax of the mean logits", _predicted(mean="softmax(f.mean(axis=0))")),
    ("no softmax", _predicted(p="f")),
    ("exp, not divided", _predicted(p="np.exp(f)")),
    ("sigmoid", _predicted(p="1 / (1 + np.exp(-f))")),
    ("overflow", _predicted(p="np.exp(f) / np.exp(f).sum(axis=-1, keepdims=True)")),
    ("logarithms of probabilities", _predicted(p="np.log(np.maximum(softmax(f * 1.0), 1e-300))")),
    ("softmax over the samples", _predicted(p="softmax(f, axis=0)")),
    ("softmax over the instances", _predicted(p="softmax(f, axis=1)")),
    (
        "softmax over everything",
        _predicted(p="np.exp(f - f.max()) / np.exp(f - f.max()).sum()"),
    ),
    ("votes", _predicted(p="(f == f.max(axis=-1, keepdims=True)) * 1.0")),
    ("median", _predicted(mean="np.median(p, axis=0)")),
    ("sum over the samples", _predicted(mean="p.sum(axis=0)")),
    ("first sample alone", _predicted(mean="p[0]")),
    ("mean over the instances", _predicted(mean="p.mean(axis=1)")),
    ("highest probability alone", _predicted(mean="p.mean(axis=0).max(axis=-1)")),
    ("spread of the logits", _predicted(spread="f.std(axis=0)")),
    ("one less than the samples", _predicted(spread="p.std(axis=0, ddof=1)")),
    ("variance", _predicted(spread="p.var(axis=0)")),
    ("standard error", _predicted(spread="p.std(axis=0) / np.sqrt(samples)")),
    ("mean distance from the mean", _predicted(spread="np.abs(p - mean).mean(axis=0)")),
    ("range", _predicted(spread="np.ptp(p, axis=0)")),
    ("root mean square", _predicted(spread="np.sqrt((p ** 2).mean(axis=0))")),
    ("spread of one draw of the class", _predicted(spread="np.sqrt(mean * (1 - mean))")),
    ("spread over the classes", _predicted(spread="mean.std(axis=-1)")),
    ("spread over the instances", _predicted(spread="p.std(axis=1)")),
    (
        "one spread for all classes",
        _predicted(spread="p.std(axis=0).mean(axis=-1, keepdims=True) + 0 * mean"),
    ),
    ("mean and spread exchanged", _predicted(end="spread, mean")),
    ("one of the two alone", _predicted(end="mean")),
    (None, _predicted(p="softmax(2 * f)")),
    (None, _predicted(mean="p.mean()", spread="p.std()")),
    (None, _predicted(end="mean, None")),
    # Cut off: no overflow, but what is far below zero is equal.
    (None, _predicted(p="softmax(np.clip(f, -50, 50))")),
)
