"""Plausible wrong answers to guided_backprop.

Each is a pair of the mistake that should be named and the source; ``None`` for a mistake that no
typical one explains.
"""

_GUIDED_BACKPROP = """
def guided_relu(signal, x):
    return {relu}

def guided_backprop(layers, x, c):
    a, zs = {x}, []
    for layer in layers:
        z = layer.forward(a, layer.w) + {b}
        zs.append(z)
        a = {bend}
    signal = np.zeros_like(z)
    signal[:, c] = 1
    signal = {start}
    last = len(layers) - 1
    for k in range(last, -1, -1):
        if {where}:
            signal = guided_relu(signal, {received})
        signal = layers[k].backward(signal, layers[k].w)
    return {end}
"""
_RIGHT = {
    "relu": "np.where((signal > 0) & (x > 0), signal, 0)",
    "x": "x",
    "b": "layer.b",
    "bend": "np.maximum(z, 0)",
    "start": "signal",
    "where": "k < last",
    "received": "zs[k]",
    "end": "signal",
}


def _guided_backprop(**changed: str) -> str:
    return _GUIDED_BACKPROP.format_map(_RIGHT | changed)


GUIDED_BACKPROP = (
    ("guided at the inputs", _guided_backprop(end="guided_relu(signal, x)")),
    ("gradient", _guided_backprop(relu="signal * (x > 0)")),
    ("only the sign of the signal", _guided_backprop(relu="np.maximum(signal, 0)")),
    ("no ReLU on the way down", _guided_backprop(relu="signal")),
    (
        "positive part of the gradient",
        _guided_backprop(relu="signal * (x > 0)", end="np.maximum(signal, 0)"),
    ),
    ("negative signals cut off at the inputs", _guided_backprop(end="np.maximum(signal, 0)")),
    ("ReLU behind the last layer", _guided_backprop(where="True")),
    ("score at the start", _guided_backprop(start="signal * z")),
    ("all classes at the start", _guided_backprop(start="np.ones_like(z)")),
    ("all scores at the start", _guided_backprop(start="z")),
    (
        "class that is seen",
        _guided_backprop(start="np.eye(z.shape[1])[z.argmax(axis=1)]"),
    ),
    ("class not used", _guided_backprop(start="np.eye(z.shape[1])[[0] * len(z)]")),
    ("bias forgotten", _guided_backprop(b="0")),
    ("ReLU forgotten on the way up", _guided_backprop(bend="z")),
    ("ReLU of the inputs", _guided_backprop(x="np.maximum(x, 0)")),
    ("multiplied by x", _guided_backprop(end="signal * x")),
    ("sign turned", _guided_backprop(end="-signal")),
    ("absolute value", _guided_backprop(end="np.abs(signal)")),
    ("first ReLU left out", _guided_backprop(where="0 < k < last")),
    ("last ReLU left out", _guided_backprop(where="k < last - 1")),
    (
        "ReLUs in the wrong order",
        _guided_backprop(
            received="zs[last - 1 - k] if zs[k].shape == zs[last - 1 - k].shape else zs[k]"
        ),
    ),
    (
        "mean over instances",
        _guided_backprop(end="np.broadcast_to(signal.mean(axis=0), signal.shape)"),
    ),
    ("first instance for all", _guided_backprop(end="np.repeat(signal[:1], len(x), axis=0)")),
    (None, _guided_backprop(end="2 * signal")),
    (None, _guided_backprop(end="signal[0]")),
)
