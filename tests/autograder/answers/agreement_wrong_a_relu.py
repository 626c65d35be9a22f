"""Plausible wrong answers to guided_relu.

Each is a pair of the mistake that should be named and the source; ``None`` for a mistake that no
typical one explains.
"""

_GUIDED_RELU = """
def guided_relu(signal, x):
    return {0}
"""
GUIDED_RELU = (
    ("only the gate", _GUIDED_RELU.format("np.where(x > 0, signal, 0)")),
    ("only the sign of the signal", _GUIDED_RELU.format("np.maximum(signal, 0)")),
    ("only the sign of the signal", _GUIDED_RELU.format("np.where(signal > 0, signal, 0)")),
    ("one of both is enough", _GUIDED_RELU.format("signal * ((signal > 0) | (x > 0))")),
    ("nothing kept back", _GUIDED_RELU.format("signal")),
    ("sign of the product", _GUIDED_RELU.format("signal * (signal * x > 0)")),
    ("ReLU of the product", _GUIDED_RELU.format("np.maximum(signal * x, 0)")),
    ("multiplied by x", _GUIDED_RELU.format("np.maximum(signal, 0) * np.maximum(x, 0)")),
    ("x instead of the signal", _GUIDED_RELU.format("np.where(signal > 0, np.maximum(x, 0), 0)")),
    ("one instead of the signal", _GUIDED_RELU.format("(signal > 0) & (x > 0)")),
    ("absolute value", _GUIDED_RELU.format("np.abs(signal) * (x > 0)")),
    ("gate the wrong way round", _GUIDED_RELU.format("np.maximum(signal, 0) * (x < 0)")),
    ("negative signals pass", _GUIDED_RELU.format("np.minimum(signal, 0) * (x > 0)")),
    ("ReLU of x", _GUIDED_RELU.format("np.maximum(x, 0)")),
    ("sign turned", _GUIDED_RELU.format("-np.maximum(signal, 0) * (x > 0)")),
    (
        "changed in place",
        """
def guided_relu(signal, x):
    signal[(signal <= 0) | (x <= 0)] = 0
    return signal
""",
    ),
    (None, _GUIDED_RELU.format("np.maximum(signal, 0) * (x > 0.5)")),
    (None, _GUIDED_RELU.format("np.where((signal > 0) & (x > 0), signal, 0).sum()")),
)
