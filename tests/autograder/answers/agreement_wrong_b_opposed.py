"""Plausible wrong answers to opposed.

Each is a pair of the mistake that should be named and the source; ``None`` for a mistake that no
typical one explains.
"""

_OPPOSED = """
def opposed():
    x, W, b, v = np.array([3.0, 2.0, 1.0]), np.eye(3), np.array([-2.9, -1.5, -0.2]), np.ones(3)
    {0}
    return {1}
"""


def _with(change: str, answer: str = "x, W, b, v") -> str:
    return _OPPOSED.format(change, answer)


OPPOSED = (
    ("no four arrays", _with("", "x")),
    ("no four arrays", _with("", "x, W, b")),
    ("another order of the arrays", _with("", "W, b, v, x")),
    ("with an axis too many", _with("", "x[None], W, b, v")),
    ("with an axis too many", _with("", "x, W, b, v[:, None]")),
    ("other shapes", _with("", "x[:2], W[:, :2], b, v")),
    ("other shapes", _with("", "x, W, b, np.ones(4)")),
    ("NaN or infinity", _with("b = b / 0 * 0", "x, W, b * np.nan, v")),
    ("out of range", _with("x, b = 2 * x, 2 * b")),
    ("out of range", _with("v = 1e40 * v")),
    ("kink at x", _with("W[2, 2], b[2], v[2] = 0.2, -0.2, 4")),
    ("kink at the reference", _with("W, b = np.diag([1, 1, 0.9]), np.array([-2.9, -1.5, 0])")),
    ("gradient of zero", _with("b = np.array([-3.5, -2.5, -1.5])")),
    ("pixels close in both", _with("x, b = np.ones(3), -0.5 * np.ones(3)")),
    ("pixels close in DeepLIFT", _with("b = np.array([-2.9, -1.5, -0.5])")),
    ("pixels close in gradient x input", _with("x, b = np.full(3, 2.0), [-1.9, -1.5, -0.2]")),
    (
        "W transposed",
        """
def opposed():
    x, b = np.array([-1, -1, 2]), np.array([-3.75, 0.75, -1.75])
    return x, np.array([[1, -2, 3], [3, -1, 1], [1, -2, 3]]), b, np.array([2, 3, 1])
""",
    ),
    (
        "gradient alone",
        """
def opposed():
    x, b = np.array([1, -1, -1]), np.array([3.25, -2.75, -3.25])
    return x, np.array([[0, 3, -2], [2, 1, -3], [-1, 3, 0]]), b, np.array([3, 1, -1])
""",
    ),
    (
        "neither times x",
        """
def opposed():
    x, b = np.array([-2, 1, -1]), np.array([4.25, 3.75, 1.25])
    return x, np.array([[3, -3, -1], [2, 1, -1], [0, 3, 3]]), b, np.array([2, 1, 2])
""",
    ),
    ("opposite by size", _with("v = -v; v[1:] = 1")),
    ("multipliers alone", _with("b = np.array([-1.5, -0.8, -0.2])")),
    ("the same attributions", _with("b = 0.5 * np.ones(3)")),
    ("the same order", _with("b = -0.5 * np.ones(3)")),
    ("not wholly opposite", _with("b = np.array([-2.9, -0.2, -0.5])")),
    ("not numbers", _with("", "x, W, b, 'v'")),
)
