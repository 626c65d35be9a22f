"""Plausible wrong answers to deeplift.

Each is a pair of the mistake that should be named and the source; ``None`` for a mistake that no
typical one explains.
"""

_DEEPLIFT = """
def multiplier(x, r, f, slope):
    same = np.abs(x - r) < 1e-6
    return {multiplier}

def deeplift(layers, x, r, c):
    {before}
    r = np.broadcast_to({r}, x.shape)
    a, b, received = x, r, []
    for layer in layers:
        z = layer.forward(a, layer.w) + {bias}
        s = layer.forward(b, layer.w) + {bias_of_r}
        received.append(({z}, {s}))
        a, b = {bend}(z), {bend}(s)
    m = np.zeros_like(z)
    m[:, c] = 1
    m = {start}
    last = len(layers) - 1
    for k in reversed(range(len(layers))):
        if {where}:
            m = m * multiplier(*{pair}, relu, relu_slope)
        m = layers[k].backward(m, layers[k].w)
    return {end}
"""
_RIGHT = {
    "multiplier": "np.where(same, slope(x), (f(x) - f(r)) / np.where(same, 1, x - r))",
    "before": "",
    "r": "r",
    "bias": "layer.b",
    "bias_of_r": "layer.b",
    "z": "z",
    "s": "s",
    "bend": "relu",
    "start": "m",
    "where": "k < last",
    "pair": "received[k]",
    "end": "m * (x - r)",
}


def _deeplift(**changed: str) -> str:
    return _DEEPLIFT.format_map(_RIGHT | changed)


DEEPLIFT = (
    ("score at the start", _deeplift(start="m * z")),
    ("all classes at the start", _deeplift(start="np.ones_like(m)")),
    ("all scores at the start", _deeplift(start="z")),
    ("class that is seen", _deeplift(start="np.eye(z.shape[1])[z.argmax(axis=1)]")),
    ("class not used", _deeplift(before="c = 0")),
    ("gain at the start", _deeplift(start="m * (z - s)")),
    ("reference is zero", _deeplift(r="0")),
    ("multiplied by x", _deeplift(end="m * x")),
    ("multipliers", _deeplift(end="m")),
    ("sign turned", _deeplift(end="m * (r - x)")),
    ("absolute value", _deeplift(end="np.abs(m * (x - r))")),
    ("slope at x", _deeplift(multiplier="slope(x)")),
    ("slope at r", _deeplift(multiplier="slope(r)")),
    ("no ReLU on the way down", _deeplift(where="False")),
    ("gradient times x", _deeplift(multiplier="slope(x)", end="m * x")),
    ("ReLU behind the last layer", _deeplift(where="True")),
    (
        "a multiplier at the inputs",
        _deeplift(end="m * (x - r) * multiplier(x, r, relu, relu_slope)"),
    ),
    ("what is behind the ReLUs", _deeplift(z="relu(z)", s="relu(s)")),
    ("mean over instances", _deeplift(end="0 * x + (m * (x - r)).mean(axis=0)")),
    ("first instance for all", _deeplift(end="0 * x + (m * (x - r))[0]")),
    ("bias forgotten", _deeplift(bias="0", bias_of_r="0")),
    ("reference without bias", _deeplift(bias_of_r="0")),
    ("ReLU forgotten on the way up", _deeplift(bend="np.asarray")),
    ("first reference for all", _deeplift(r="r[:1]")),
    ("first ReLU left out", _deeplift(where="0 < k < last")),
    ("last ReLU left out", _deeplift(where="k < last - 1")),
    (
        "ReLUs in the wrong order",
        _deeplift(
            pair="(received[last - 1 - k] if received[k][0].shape == "
            "received[last - 1 - k][0].shape else received[k])"
        ),
    ),
    (
        "divided by zero",
        "np.seterr(all='ignore')\n" + _deeplift(multiplier="(f(x) - f(r)) / (x - r)"),
    ),
    (None, _deeplift(end="m * (x - r) / 2")),
    (None, _deeplift(end="(m * (x - r)).sum()")),
)
