"""Plausible wrong answers to by_hand, lrp_zero, cancelling, hand_down and gamma_weights.

Each is a pair of the mistake that should be named and the source; ``None`` for a mistake that no
typical one explains.
"""

_BY_HAND = """
def by_hand():
    x, V, c, u = TOY.x, TOY.V, TOY.c, TOY.u
    z = {z}
    a = np.maximum(z, 0)
    hidden = {hidden}
    parts = x[:, None] * V
    below = {below}
    return {end}
"""


def _by_hand(
    z: str = "x @ V + c",
    hidden: str = "a * u",
    below: str = "parts / z @ hidden",
    end: str = '{"hidden": hidden, "input": below}',
) -> str:
    return _BY_HAND.format(z=z, hidden=hidden, below=below, end=end)


BY_HAND = (
    ("unit that is off", _by_hand(hidden="z * u")),
    ("bias forgotten", _by_hand(z="x @ V")),
    ("bias forgotten below", _by_hand(below="parts / parts.sum(axis=0) @ hidden")),
    ("bias handed to both", _by_hand(below="(parts + c / 2) / z @ hidden")),
    ("whole bias handed to both", _by_hand(below="(parts + c) / z @ hidden")),
    ("bias handed to the first", _by_hand(below="(parts + np.outer([1, 0], c)) / z @ hidden")),
    ("activations", _by_hand(hidden="a")),
    ("weights of the score", _by_hand(hidden="u * (a > 0)")),
    ("weights of the score, off or not", _by_hand(hidden="u")),
    ("shares of the score", _by_hand(hidden="a * u / (a @ u)")),
    ("absolute value above", _by_hand(hidden="np.abs(a * u)")),
    ("negative left out", _by_hand(hidden="np.maximum(a * u, 0)")),
    ("equal parts above", _by_hand(hidden="np.full(3, a @ u / 3)")),
    ("sign turned", _by_hand(hidden="-a * u")),
    ("x forgotten", _by_hand(below="V / z @ hidden")),
    ("x forgotten", _by_hand(below="V @ (u * (z > 0))")),
    ("not divided", _by_hand(below="parts @ hidden")),
    ("absolute shares", _by_hand(below="np.abs(parts) / np.abs(parts).sum(axis=0) @ hidden")),
    (
        "only what speaks for it",
        _by_hand(below="parts.clip(0) / np.where(a > 0, parts.clip(0).sum(axis=0), 1) @ hidden"),
    ),
    (
        "only what speaks for it, and bias",
        _by_hand(
            below="parts.clip(0) / np.where(a > 0, parts.clip(0).sum(axis=0) + c, 1) @ hidden"
        ),
    ),
    ("equal parts", _by_hand(below="np.full(2, hidden.sum() / 2)")),
    (
        "made to add up",
        _by_hand(end='{"hidden": hidden, "input": below * (a @ u) / below.sum()}'),
    ),
    ("absolute value", _by_hand(end='{"hidden": hidden, "input": np.abs(below)}')),
    ("inputs swapped", _by_hand(end='{"hidden": hidden, "input": below[::-1]}')),
    ("no dictionary", _by_hand(end="hidden, below")),
    ("an entry is missing", _by_hand(end='{"Hidden": hidden, "Input": below}')),
    ("an entry is missing", _by_hand(end='{"hidden": hidden, "inputs": below}')),
    ("entries exchanged", _by_hand(end='{"hidden": below, "input": hidden}')),
    ("another number of numbers", _by_hand(end='{"hidden": hidden[1:2], "input": below}')),
    ("not numbers", _by_hand(end='{"hidden": "0, 9, -4", "input": below}')),
    (None, _by_hand(below="parts / z ** 2 @ hidden")),
)

_LRP_ZERO = """
def lrp_zero(x, w, b, R):
    z = {z}
    s = {s}
    return {end}
"""
_SAFE = "np.divide(R, z, out=np.zeros_like(z), where=z != 0)"


def _lrp_zero(z: str = "x @ w + b", s: str = _SAFE, end: str = "x * (s @ w.T)") -> str:
    return _LRP_ZERO.format(z=z, s=s, end=end)


def _parts(chosen: str, z: str) -> str:
    """Of the contributions p those that are chosen, over z."""
    return (
        f"def lrp_zero(x, w, b, R):\n    p = x[:, :, None] * w\n    p = {chosen}\n    z = {z}\n"
        f"    return (p * ({_SAFE})[:, None]).sum(axis=2)"
    )


LRP_ZERO = (
    ("bias forgotten", _lrp_zero(z="x @ w")),
    ("bias subtracted", _lrp_zero(z="x @ w - b")),
    ("bias handed to the inputs", _lrp_zero(end="x * (s @ w.T) + (s @ b)[:, None] / x.shape[1]")),
    ("x forgotten", _lrp_zero(end="s @ w.T")),
    ("x twice", _lrp_zero(end="x * x * (s @ w.T)")),
    ("not divided", _lrp_zero(s="R")),
    ("R not used", _lrp_zero(s=_SAFE.replace("R", "np.ones_like(R)"))),
    ("absolute denominators", _lrp_zero(z="np.abs(x @ w + b)")),
    ("absolute contributions", _parts("np.abs(p)", "p.sum(axis=1)")),
    ("absolute contributions and bias", _parts("np.abs(p)", "p.sum(axis=1) + np.abs(b)")),
    ("absolute value", _lrp_zero(end="np.abs(x * (s @ w.T))")),
    ("only what speaks for it", _parts("np.maximum(p, 0)", "p.sum(axis=1)")),
    (
        "only what speaks for it, and bias",
        _parts("np.maximum(p, 0)", "p.sum(axis=1) + np.maximum(b, 0)"),
    ),
    ("only what speaks against it", _parts("np.minimum(p, 0)", "p.sum(axis=1)")),
    ("outputs below zero left out", _lrp_zero(z="np.maximum(x @ w + b, 0)")),
    (
        "one denominator for all",
        _lrp_zero(z="(x @ w + b).sum(axis=1, keepdims=True)", s="R / z"),
    ),
    (
        "divided over the outputs",
        "def lrp_zero(x, w, b, R):\n    p = x[:, :, None] * w\n"
        "    return (p / p.sum(axis=2, keepdims=True) * R[:, None]).sum(axis=2)",
    ),
    ("sign turned", _lrp_zero(end="-x * (s @ w.T)")),
    ("first instance only", _lrp_zero(end="x[0] * (w @ s[0])")),
    ("instances added up", _lrp_zero(end="(x * (s @ w.T)).sum(axis=0)")),
    ("first instance for all", _lrp_zero(end="0 * x + (x * (s @ w.T))[:1]")),
    ("divided by zero", _lrp_zero(s="R / z")),
    (
        "divided by zero",
        "def lrp_zero(x, w, b, R):\n    p = x[:, :, None] * w\n"
        "    return (p / (p.sum(axis=1, keepdims=True) + b) * R[:, None]).sum(axis=2)",
    ),
    ("zeros hand out R", _lrp_zero(s="R / np.where(z == 0, 1, z)")),
    (
        "instances with a zero left out",
        _lrp_zero(s="R / z", end="np.nan_to_num(x * (s @ w.T), posinf=0, neginf=0)"),
    ),
    ("not numbers", _lrp_zero(end="str(x)")),
    # A stabiliser instead of a test: huge where z is zero.
    (None, _lrp_zero(s="R / (z + 1e-9)")),
    (None, _lrp_zero(s="R / (z + 0.1 * np.sign(z) + (z == 0))")),
    (None, _lrp_zero(end="(x * (s @ w.T)).T")),
)

CANCELLING = tuple(
    (mistake, f"def cancelling():\n    return {answer}")
    for mistake, answer in (
        ("with an axis of instances", "[[2.7, -4.6]]"),
        ("hidden units instead of inputs", "[0.0, 9.0, -4.0]"),
        ("another number of numbers", "2.7"),
        ("another number of numbers", "[]"),
        ("too large", "[10.5, 10.2]"),
        ("too large", "np.array([1e300, -1e300])"),
        ("the notebook's own input", "TOY.x"),
        ("score below zero", "[7.1, -9.3]"),
        ("score too small", "[2.3, -3.48]"),
        ("nothing cancels", "[0.9, 8.7]"),
        ("too little cancels", "[6.3, 8.3]"),
        ("NaN or infinity", "[np.nan, 1.0]"),
        ("NaN or infinity", "[-np.inf, 1.0]"),
        ("not numbers", "'2.7, -4.6'"),
        ("not numbers", "{'x': [2.7, -4.6]}"),
    )
)

_HAND_DOWN = """
def hand_down(layer, x, R, modify, epsilon):
    w, b = {w}, {b}
    z = layer.forward(x, w) + b
    z = {z}
    s = {s}
    return {end}
"""


def _hand_down(
    w: str = "modify(layer.w)",
    b: str = "modify(layer.b)",
    z: str = "z + epsilon * np.where(z >= 0, 1, -1)",
    s: str = _SAFE,
    end: str = "x * layer.backward(s, w)",
) -> str:
    return _HAND_DOWN.format(w=w, b=b, z=z, s=s, end=end)


HAND_DOWN = (
    ("bias forgotten", _hand_down(b="0")),
    ("bias not modified", _hand_down(b="layer.b")),
    ("bias modified twice", _hand_down(b="modify(modify(layer.b))")),
    (
        "weights not modified on the way forward",
        _hand_down(w="layer.w", end="x * layer.backward(s, modify(w))"),
    ),
    ("weights not modified on the way back", _hand_down(end="x * layer.backward(s, layer.w)")),
    ("weights not modified", _hand_down(w="layer.w")),
    ("modify not used", _hand_down(w="layer.w", b="layer.b")),
    ("absolute denominators", _hand_down(z="np.abs(z) + epsilon")),
    ("epsilon not used", _hand_down(z="z")),
    ("epsilon always added", _hand_down(z="z + epsilon")),
    ("epsilon subtracted", _hand_down(z="z - epsilon * np.where(z >= 0, 1, -1)")),
    ("sign of zero is zero", _hand_down(z="z + epsilon * np.sign(z)")),
    ("sign of zero is minus", _hand_down(z="z + epsilon * np.where(z > 0, 1, -1)")),
    ("epsilon times z", _hand_down(z="z * (1 + epsilon)")),
    ("outputs below zero left out", _hand_down(z="np.maximum(z, 0) + epsilon * (z >= 0)")),
    ("not divided", _hand_down(s="R")),
    ("x forgotten", _hand_down(end="layer.backward(s, w)")),
    ("x twice", _hand_down(end="x * x * layer.backward(s, w)")),
    ("R not used", _hand_down(s=_SAFE.replace("R", "np.ones_like(R)"))),
    ("sign turned", _hand_down(end="-x * layer.backward(s, w)")),
    ("absolute value", _hand_down(end="np.abs(x * layer.backward(s, w))")),
    ("first instance for all", _hand_down(end="0 * x + (x * layer.backward(s, w))[:1]")),
    (
        "bias handed to the inputs",
        _hand_down(
            end="x * layer.backward(s, w) + (0 if x.ndim > 2 else (s @ b)[:, None] / x.shape[1])"
        ),
    ),
    (
        "epsilon handed to the inputs",
        _hand_down(
            end="x * layer.backward(s, w) + (0 if x.ndim > 2 else"
            " (s * (z - layer.forward(x, w) - b)).sum(1, keepdims=True) / x.shape[1])"
        ),
    ),
    ("divided by zero", _hand_down(s="R / z")),
    ("divided by zero, as its sign is zero", _hand_down(z="z + epsilon * np.sign(z)", s="R / z")),
    ("zeros hand out R", _hand_down(s="R / np.where(z == 0, 1, z)")),
    # Two mistakes in one answer; the first aspect that fails names its own.
    ("bias forgotten", _hand_down(b="0", z="z + epsilon")),
    ("another shape", _hand_down(end="(x * layer.backward(s, w))[0]")),
    (None, _hand_down(z="z + 2 * epsilon * np.where(z >= 0, 1, -1)")),
    (None, _hand_down(end="modify(x) * layer.backward(s, w)")),
    ("not numbers", _hand_down(end="layer")),
)

GAMMA_WEIGHTS = tuple(
    (mistake, f"def gamma_weights(w, gamma):\n    {body}")
    for mistake, body in (
        ("only the positive part", "return np.maximum(w, 0)"),
        ("gamma of all weights", "return (1 + gamma) * w"),
        ("only what is added", "return gamma * np.maximum(w, 0)"),
        ("negative weights count more", "return w + gamma * np.minimum(w, 0)"),
        ("negative weights left out", "return (1 + gamma) * np.maximum(w, 0)"),
        ("positive weights count less", "return w - gamma * np.maximum(w, 0)"),
        ("size instead of positive part", "return w + gamma * np.abs(w)"),
        ("gamma added", "return w + gamma"),
        ("gamma added to positive weights", "return np.where(w > 0, w + gamma, w)"),
        ("gamma instead of 1 + gamma", "return np.where(w > 0, gamma * w, w)"),
        ("gamma not used", "return w"),
        ("gamma not used, 1", "return w + np.maximum(w, 0)"),
        ("negative weights count less", "return np.where(w < 0, (1 - gamma) * w, w)"),
        ("sign of the negative part", "return gamma * np.maximum(w, 0) + np.abs(w)"),
        ("changed in place", "w += gamma * np.maximum(w, 0); return w"),
        ("changed in place", "w[w > 0] *= 1 + gamma; return w.copy()"),
        ("another shape", "return (w + gamma * np.maximum(w, 0)).ravel()"),
        ("not numbers", "return 'w + gamma w+'"),
        (None, "return w + np.maximum(w, 0) ** 2 * gamma"),
    )
)
