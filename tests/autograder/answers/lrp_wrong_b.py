"""Plausible wrong answers to alpha_beta, box_rule, start and propagate.

Each is a pair of the mistake that should be named and the source; ``None`` for a mistake that no
typical one explains.
"""

_DIVIDED = "np.divide({0}, {1}, out=np.zeros_like({1}), where={1} != 0)"
_ALPHA_BETA = """
def alpha_beta(layer, x, R, alpha, beta):
    up, down = np.maximum(x, 0), {down}
    w, b = layer.w, layer.b
    wp, wn = np.maximum(w, 0), np.minimum(w, 0)
    bp, bn = {biases}
    zp = layer.forward(up, wp) + layer.forward(down, wn) + bp
    zn = layer.forward(up, wn) + layer.forward(down, wp) + bn
    {before}
    a = {a}
    b = {b}
    s = {s}
    t = {t}
    plus = up * layer.backward(s, wp) + down * layer.backward(s, wn)
    minus = up * layer.backward(t, wn) + down * layer.backward(t, wp)
    return {end}
"""
_BOTH_PARTS = {
    "down": "np.minimum(x, 0)",
    "biases": "np.maximum(b, 0), np.minimum(b, 0)",
    "before": "",
    "a": "np.where(zn == 0, 1.0, alpha)",
    "b": "np.where(zp == 0, 1.0 if beta else 0.0, -beta)",
    "s": _DIVIDED.format("a * R", "zp"),
    "t": _DIVIDED.format("b * R", "zn"),
    "end": "plus + minus",
}


def _alpha_beta(**changed: str) -> str:
    return _ALPHA_BETA.format_map(_BOTH_PARTS | changed)


ALPHA_BETA = (
    (
        "alpha and beta swapped",
        _alpha_beta(
            a="np.where(zn == 0, 1.0, beta)", b="np.where((zp == 0) & (alpha != 0), 1.0, -alpha)"
        ),
    ),
    (
        "beta added",
        _alpha_beta(b="np.where(zp == 0, 1.0 if beta else 0.0, beta)"),
    ),
    ("negative part forgotten", _alpha_beta(end="plus")),
    ("positive part forgotten", _alpha_beta(end="minus")),
    ("alpha and beta not used", _alpha_beta(before="alpha, beta = 1, 0")),
    ("alpha and beta always 2 and 1", _alpha_beta(before="alpha, beta = 2, 1")),
    ("sign turned", _alpha_beta(end="-plus - minus")),
    ("absolute value", _alpha_beta(end="np.abs(plus + minus)")),
    ("bias left out", _alpha_beta(biases="0, 0")),
    ("whole bias in both parts", _alpha_beta(biases="b, b")),
    ("inputs below zero forgotten", _alpha_beta(down="np.zeros_like(x)")),
    (
        "signs of the weights",
        """
def alpha_beta(layer, x, R, alpha, beta):
    out = np.zeros_like(x)
    w = [np.maximum(layer.w, 0), np.minimum(layer.w, 0)]
    b = [np.maximum(layer.b, 0), np.minimum(layer.b, 0)]
    z = [layer.forward(x, w[0]) + b[0], layer.forward(x, w[1]) + b[1]]
    factors = [np.where(z[1] == 0, 1, alpha), np.where(z[0] == 0, beta > 0, -beta)]
    for i in (0, 1):
        s = np.divide(factors[i] * R, z[i], out=np.zeros_like(z[i]), where=z[i] != 0)
        out += x * layer.backward(s, w[i])
    return out
""",
    ),
    (
        "divided by z",
        _alpha_beta(
            before="z = zp + zn",
            s=_DIVIDED.format("a * R", "z"),
            t=_DIVIDED.format("b * R", "z"),
        ),
    ),
    (
        "denominators swapped",
        _alpha_beta(s=_DIVIDED.format("a * R", "zn"), t=_DIVIDED.format("b * R", "zp")),
    ),
    (
        "x forgotten",
        _alpha_beta(end="layer.backward(s, wp) + layer.backward(t, wn)"),
    ),
    ("empty part ignored", _alpha_beta(a="alpha", b="-beta")),
    ("no positive part ignored", _alpha_beta(b="-beta")),
    ("no negative part ignored", _alpha_beta(a="alpha")),
    (
        "no positive part hands out minus R",
        _alpha_beta(b="np.where(zp == 0, -1.0 if beta else 0.0, -beta)"),
    ),
    (
        "one empty part stops the other",
        _alpha_beta(
            before="ok = (zp != 0) & (zn != 0)",
            a="np.where(ok, alpha, 0)",
            b="np.where(ok, -beta, 0)",
        ),
    ),
    (
        "part of the bias alone taken for empty",
        _alpha_beta(a="np.where(zn == bn, 1.0, alpha)", b="np.where(zp == bp, beta > 0, -beta)"),
    ),
    (
        "negative part although beta is 0",
        _alpha_beta(b="np.where(zp == 0, 1.0, -beta)"),
    ),
    (
        "divided by zero",
        "np.seterr(all='ignore')"
        + _alpha_beta(a="alpha", b="-beta", s="a * R / zp", t="b * R / zn"),
    ),
    (None, _alpha_beta(end="plus + minus ** 2")),
    (None, _alpha_beta(end="(plus + minus).reshape(len(x), -1, 1)")),
)

_BOX_RULE = """
def box_rule(layer, x, R, low, high):
    {before}
    l, h = np.broadcast_to({low}, x.shape), np.broadcast_to({high}, x.shape)
    w, b = layer.w, layer.b
    wp, wn = {signs}
    z = {z}
    s = {s}
    c, cp, cn = layer.backward(s, w), layer.backward(s, wp), layer.backward(s, wn)
    return {end}
"""
_IN_THE_BOX = {
    "before": "",
    "low": "low",
    "high": "high",
    "signs": "np.maximum(w, 0), np.minimum(w, 0)",
    "z": "layer.forward(x, w) - layer.forward(l, wp) - layer.forward(h, wn)",
    "s": _DIVIDED.format("R", "z"),
    "end": "x * c - l * cp - h * cn",
}


def _box_rule(**changed: str) -> str:
    return _BOX_RULE.format_map(_IN_THE_BOX | changed)


BOX_RULE = (
    ("low and high swapped", _box_rule(low="high", high="low")),
    ("low and high swapped", _box_rule(signs="np.minimum(w, 0), np.maximum(w, 0)")),
    (
        "bounds added",
        _box_rule(
            z="layer.forward(x, w) + layer.forward(l, wp) + layer.forward(h, wn)",
            end="x * c + l * cp + h * cn",
        ),
    ),
    (
        "sign of the low term",
        _box_rule(
            z="layer.forward(x, w) + layer.forward(l, wp) - layer.forward(h, wn)",
            end="x * c + l * cp - h * cn",
        ),
    ),
    ("sign of the high term", _box_rule(signs="np.maximum(w, 0), np.maximum(-w, 0)")),
    ("low forgotten", _box_rule(low="0")),
    ("high forgotten", _box_rule(high="0")),
    ("bounds ignored", _box_rule(low="0", high="0")),
    ("signs of the weights ignored", _box_rule(signs="w, w")),
    ("bounds of the inputs themselves", _box_rule(low="x.min()", high="x.max()")),
    (
        "first channel's bounds",
        _box_rule(low="np.ravel(low)[0]", high="np.ravel(high)[0]"),
    ),
    ("mean of the bounds", _box_rule(low="np.mean(low)", high="np.mean(high)")),
    ("sign turned", _box_rule(end="l * cp + h * cn - x * c")),
    ("absolute value", _box_rule(end="np.abs(x * c - l * cp - h * cn)")),
    ("divided by zero", _box_rule(before="np.seterr(all='ignore')", s="R / z")),
    (
        "bias in the denominator",
        _box_rule(z="layer.forward(x, w) + b - layer.forward(l, wp) - layer.forward(h, wn)"),
    ),
    ("bounds in the denominator only", _box_rule(end="x * c")),
    ("bounds in the numerator only", _box_rule(z="layer.forward(x, w)")),
    ("bounds in the numerator only, with bias", _box_rule(z="layer.forward(x, w) + b")),
    ("x in every term", _box_rule(end="x * (c - l * cp - h * cn)")),
    ("x forgotten", _box_rule(end="c - l * cp - h * cn")),
    ("bounds not multiplied", _box_rule(end="x * c - cp - cn")),
    ("whole weights on the way back", _box_rule(end="(x - l - h) * c")),
    (None, _box_rule(end="x * c - (l * cp + h * cn) / 2")),
    (None, _box_rule(end="(x * c - l * cp - h * cn).sum(axis=0)")),
)


def _start(one: str, against: str) -> str:
    return f"""
def start(scores, c, versus=None):
    f, out = scores, np.zeros_like(scores)
    p = np.exp(f) / np.exp(f).sum(axis=1, keepdims=True)
    {one}
    if versus is not None:
        {against}
    return out
"""


_MINE = "out[:, c] = f[:, c]"
START = (
    ("ones", _start("out[:, c] = 1", "out[:, versus] = -1")),
    ("probabilities", _start("out[:, c] = p[:, c]", "out[:, versus] = -p[:, versus]")),
    (
        "logarithms of probabilities",
        _start("out[:, c] = np.log(p)[:, c]", "out[:, versus] = -np.log(p)[:, versus]"),
    ),
    ("all scores kept", "def start(scores, c, versus=None): return scores"),
    ("others negative", _start("out = -f; out[:, c] = f[:, c]", "pass")),
    (
        "class before",
        _start("out[:, c - 1] = f[:, c]", "out[:, versus - 1] = -f[:, versus]"),
    ),
    (
        "class after",
        _start(
            "k = f.shape[1]; out[:, (c + 1) % k] = f[:, c]",
            "out[:, (versus + 1) % k] = -f[:, versus]",
        ),
    ),
    ("always class 0", _start("out[:, 0] = f[:, 0]", "pass")),
    (
        "class that is seen",
        _start(
            "best = f.argmax(1)[:, None]; np.put_along_axis(out, best, f.max(1, keepdims=True), 1)",
            "pass",
        ),
    ),
    ("sign turned", _start("out[:, c] = -f[:, c]", "out[:, versus] = f[:, versus]")),
    ("absolute value", _start("out[:, c] = abs(f[:, c])", "out[:, versus] = abs(f[:, versus])")),
    (
        "sign cut off",
        _start("out[:, c] = f[:, c].clip(min=0)", "out[:, versus] = (-f[:, versus]).clip(min=0)"),
    ),
    ("zeros left out", "def start(scores, c, versus=None): return scores[:, c]"),
    (
        "mean over instances",
        _start("out[:, c] = f[:, c].mean()", "out[:, versus] = -f[:, versus].mean()"),
    ),
    (
        "first instance for all",
        _start("out[:, c] = f[0, c]", "out[:, versus] = -f[0, versus]"),
    ),
    ("versus ignored", _start(_MINE, "pass")),
    ("versus not negated", _start(_MINE, "out[:, versus] = f[:, versus]")),
    (
        "versus 0 ignored",
        _start(_MINE, "out[:, versus] = -f[:, versus] if versus else 0"),
    ),
    ("difference at c", _start(_MINE, "out[:, c] -= f[:, versus]")),
    ("minus one at versus", _start(_MINE, "out[:, versus] = -1")),
    ("score of c at versus", _start(_MINE, "out[:, versus] = -f[:, c]")),
    (None, _start("out[:, c] = f[:, c] ** 2", "out[:, versus] = -f[:, versus]")),
    (None, "def start(scores, c, versus=None): return 'scores'"),
)

_PROPAGATE = """
def begin(f, c):
    R = np.zeros_like(f)
    {start}
    return R

def propagate(layers, rules, x, c):
    a = [{first}]
    before = [a[0]]
    for number, layer in enumerate(layers):
        z = {z}
        before.append(z)
        a.append({bend} if number < len(layers) - 1 else {last})
    R = [begin(a[-1], c)]
    for i in range(len(layers) - 1, -1, -1):
        R.insert(0, rules[{rule}](layers[i], {given}, R[0]){mask})
    return {end}
"""
_LOOP = {
    "start": "R[:, c] = f[:, c]",
    "first": "x",
    "z": "layer.forward(a[-1], layer.w) + layer.b",
    "bend": "np.maximum(z, 0)",
    "last": "z",
    "rule": "i",
    "given": "a[i]",
    "mask": "",
    "end": "R",
}


def _propagate(**changed: str) -> str:
    return _PROPAGATE.format_map(_LOOP | changed)


PROPAGATE = (
    ("ReLU forgotten", _propagate(bend="z")),
    ("ReLU after the last layer", _propagate(last="np.maximum(z, 0)")),
    ("ReLU of the inputs", _propagate(first="np.maximum(x, 0)")),
    ("bias forgotten", _propagate(z="layer.forward(a[-1], layer.w)")),
    ("what is before the ReLU", _propagate(given="before[i]")),
    ("cut off by the ReLU", _propagate(mask=" * (before[i] > 0 if i else 1)")),
    ("rules from the wrong end", _propagate(rule="len(layers) - 1 - i")),
    ("first rule for all", _propagate(rule="0")),
    ("last rule for all", _propagate(rule="-1")),
    ("all scores at the start", _propagate(start="R = f")),
    ("one at the start", _propagate(start="R[:, c] = 1")),
    (
        "probability at the start",
        _propagate(start="p = np.exp(f - f.max(1, keepdims=True)); R[:, c] = p[:, c] / p.sum(1)"),
    ),
    (
        "class that is seen",
        _propagate(start="np.put_along_axis(R, f.argmax(1)[:, None], f.max(1, keepdims=True), 1)"),
    ),
    ("class not used", _propagate(start="R[:, 0] = f[:, 0]")),
    ("sign turned", _propagate(start="R[:, c] = -f[:, c]")),
    ("list reversed", _propagate(end="R[::-1]")),
    ("output missing", _propagate(end="R[:-1]")),
    ("input missing", _propagate(end="R[1:]")),
    ("inputs only", _propagate(end="R[0]")),
    ("output missing, list reversed", _propagate(end="R[-2::-1]")),
    ("input missing, list reversed", _propagate(end="R[:0:-1]")),
    ("output only", _propagate(end="R[-1]")),
    ("other shapes", _propagate(end="[each.sum(axis=0) for each in R]")),
    ("an empty list", _propagate(end="[]")),
    (None, _propagate(mask=" * 1.1")),
    (None, _propagate(end="[each.reshape(len(each), -1) * 1.1 for each in R]")),
    (None, _propagate(end="[None] + R[1:]")),
)
