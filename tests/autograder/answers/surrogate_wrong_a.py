"""Plausible wrong answers to masked, weighting_kernel, weighted_ridge, exact_shapley,
shapley_kernel and dummy_player.

Each is a pair of the mistake that should be named and the source; ``None`` for a mistake that no
typical one explains.
"""

_MASKED = """
def masked(picture, segments, Z, fill):
    Z = np.asarray(Z, bool)
    shown = {shown}
    return {end}
"""
_ALL_SHOWN = "Z[:, segments][..., None]"


def _masked(shown: str = _ALL_SHOWN, end: str = "np.where(shown, picture, fill)") -> str:
    return _MASKED.format(shown=shown, end=end)


_IN_A_LOOP = """
def masked(picture, segments, Z, fill):
    out = []
    for z in Z:
        z = np.asarray(z, bool)
        {step}
    return np.array(out)
"""

MASKED = (
    ("exchanged", _masked(end="np.where(shown, fill, picture)")),
    ("fill not used", _masked(end="shown * picture")),
    ("one number as fill", _masked(end="np.where(shown, picture, fill.mean())")),
    ("one colour as fill", _masked(end="np.where(shown, picture, fill.mean(axis=(0, 1)))")),
    (
        "mean of the picture as fill",
        _masked(end="np.where(shown, picture, picture.mean(axis=(0, 1)))"),
    ),
    ("fill everywhere", _masked(end="shown * picture + fill")),
    ("nothing hidden", _masked(end="np.repeat(picture[None], len(Z), axis=0)")),
    ("everything hidden", _masked(end="np.repeat(fill[None], len(Z), axis=0)")),
    ("first coalition only", _masked(shown="Z[0][segments][..., None]")),
    ("first coalition for all", _masked(shown="Z[:1].repeat(len(Z), 0)[:, segments][..., None]")),
    ("last coalition for all", _masked(shown="Z[-1:].repeat(len(Z), 0)[:, segments][..., None]")),
    (
        "hidden stays hidden",
        "def masked(picture, segments, Z, fill):\n    new, out = picture.copy(), []\n"
        "    for z in np.asarray(Z, bool):\n"
        "        new[~z[segments]] = fill[~z[segments]]\n        out.append(new.copy())\n"
        "    return np.array(out)",
    ),
    (
        "last coalition for all",
        _IN_A_LOOP.format(step="shown = z[segments][..., None]").replace(
            "return np.array(out)", "return np.array([np.where(shown, picture, fill)] * len(Z))"
        ),
    ),
    ("superpixel 0 always shown", _masked(f"{_ALL_SHOWN} | (segments == 0)[..., None]")),
    ("superpixel 0 always hidden", _masked(f"{_ALL_SHOWN} & (segments > 0)[..., None]")),
    ("labels counted from 1", _masked("Z[:, segments - 1][..., None]")),
    (
        "coalition taken as labels",
        _IN_A_LOOP.format(
            step="out.append(np.where(np.isin(segments, 1 * z)[..., None], picture, fill))"
        ),
    ),
    (
        "labels taken as a mask",
        _IN_A_LOOP.format(step="out.append(np.where(segments[..., None], picture, fill))"),
    ),
    (
        "labels transposed",
        _masked("Z[:, segments.T if len(segments) == len(segments.T) else segments][..., None]"),
    ),
    (
        "first channel only",
        "def masked(picture, segments, Z, fill):\n"
        "    out = np.repeat(picture[None], len(Z), axis=0)\n"
        "    hidden = ~np.asarray(Z, bool)[:, segments]\n"
        "    out[hidden, 0] = np.broadcast_to(fill[..., 0], hidden.shape)[hidden]\n"
        "    return out",
    ),
    (
        "~ of 0 and 1",
        "def masked(picture, segments, Z, fill):\n    shown = Z[:, segments][..., None]\n"
        "    return shown * picture + ~shown * fill",
    ),
    (
        "changed in place",
        "def masked(picture, segments, Z, fill):\n    out = []\n"
        "    for z in np.asarray(Z, bool):\n"
        "        picture[~z[segments]] = fill[~z[segments]]\n        out.append(picture.copy())\n"
        "    return np.array(out)",
    ),
    (
        "changed in place",
        "def masked(picture, segments, Z, fill):\n"
        "    out = np.where(Z[:, segments][..., None], picture, fill)\n    fill[:] = 0\n"
        "    return out",
    ),
    ("another shape", _masked(end="np.where(shown, picture, fill)[..., 0]")),
    ("not numbers", _masked(end="str(shown)")),
    (None, _masked(end="np.where(shown, picture, fill[::-1])")),
    (None, _masked(end="np.where(shown, picture, (picture + fill) / 2)")),
)

_WEIGHTING_KERNEL = """
def weighting_kernel(Z, width):
    shown, d = Z.sum(axis=1), Z.shape[1]
    D = {D}
    return {end}
"""


def _weighting_kernel(
    D: str = "1 - np.sqrt(shown / d)", end: str = "np.sqrt(np.exp(-D ** 2 / width ** 2))"
) -> str:
    return _WEIGHTING_KERNEL.format(D=D, end=end)


_DIVIDED = "1 - shown / (np.sqrt(shown) * np.sqrt(d))"

WEIGHTING_KERNEL = (
    ("square root forgotten", _weighting_kernel(end="np.exp(-D ** 2 / width ** 2)")),
    ("half too many", _weighting_kernel(end="np.sqrt(np.exp(-D ** 2 / (2 * width ** 2)))")),
    ("width not squared", _weighting_kernel(end="np.sqrt(np.exp(-D ** 2 / width))")),
    ("width not used", _weighting_kernel(end="np.sqrt(np.exp(-D ** 2))")),
    ("width always 0.25", _weighting_kernel(end="np.sqrt(np.exp(-D ** 2 / 0.25 ** 2))")),
    ("times width", _weighting_kernel(end="np.sqrt(np.exp(-D ** 2 * width ** 2))")),
    ("distance not squared", _weighting_kernel(end="np.sqrt(np.exp(-D / width ** 2))")),
    ("nothing squared", _weighting_kernel(end="np.sqrt(np.exp(-D / width))")),
    ("nothing squared, square root forgotten", _weighting_kernel(end="np.exp(-D / width)")),
    ("sign turned", _weighting_kernel(end="np.sqrt(np.exp(D ** 2 / width ** 2))")),
    # - before ** in (-D) ** 2
    ("sign turned", _weighting_kernel(end="np.sqrt(np.exp((-D) ** 2 / width ** 2))")),
    ("the distance itself", _weighting_kernel(end="D")),
    ("one minus", _weighting_kernel(end="1 - np.sqrt(np.exp(-D ** 2 / width ** 2))")),
    (
        "made to add up to one",
        _weighting_kernel() + "\n_own = weighting_kernel\n"
        "def weighting_kernel(Z, width):\n    w = _own(Z, width)\n    return w / w.sum()",
    ),
    ("mean over rows", _weighting_kernel(end="np.mean(np.exp(-D ** 2 / (2 * width ** 2)))")),
    ("share of what is hidden", _weighting_kernel("1 - shown / d")),
    ("share of what is hidden", _weighting_kernel("(Z == 0).mean(axis=1)")),
    ("number of what is hidden", _weighting_kernel("d - shown")),
    ("Euclidean distance", _weighting_kernel("np.linalg.norm(1 - Z, axis=1)")),
    ("similarity", _weighting_kernel("np.sqrt(shown / d)")),
    ("share of what is shown", _weighting_kernel("shown / d")),
    ("norms forgotten", _weighting_kernel("1 - Z @ np.ones(d)")),
    ("norm of the row forgotten", _weighting_kernel("1 - Z @ np.ones(d) / np.sqrt(d)")),
    ("norm of the ones forgotten", _weighting_kernel("1 - np.sqrt(shown)")),
    ("nothing shown is NaN", _weighting_kernel(_DIVIDED)),
    (
        "nothing shown weighs nothing",
        _weighting_kernel(_DIVIDED, "np.nan_to_num(np.exp(-D ** 2 / (2 * width ** 2)))"),
    ),
    ("nothing shown weighs one", _weighting_kernel(f"np.nan_to_num({_DIVIDED})")),
    ("another shape", _weighting_kernel(end="np.exp(-D ** 2 / (2 * width ** 2))[:, None]")),
    ("not numbers", _weighting_kernel(end="'exp(-D^2)'")),
    (None, _weighting_kernel(end="1 / (1 + D / width)")),
    (None, _weighting_kernel(end="np.maximum(1 - D / width, 0)")),
)

_WEIGHTED_RIDGE = """
def weighted_ridge(Z, y, weights, alpha):
    w, d = {w}, Z.shape[1]
    X = {X}
    P = {P}
    found = np.linalg.solve({left} + P, {right})
    return {end}
"""


def _weighted_ridge(
    w: str = "weights",
    X: str = "np.column_stack([np.ones(len(Z)), Z])",
    P: str = "np.diag([0.0] + [alpha] * d)",
    left: str = "X.T @ np.diag(w) @ X",
    right: str = "X.T @ np.diag(w) @ y",
    end: str = "(found[0], found[1:])",
) -> str:
    return _WEIGHTED_RIDGE.format(w=w, X=X, P=P, left=left, right=right, end=end)


_CENTRED = """
def weighted_ridge(Z, y, weights, alpha):
    p = weights / weights.sum()
    mean_Z, mean_y = {means}
    A, r, W = Z - mean_Z, y - mean_y, np.diag(weights)
    beta = np.linalg.solve(A.T @ W @ A + alpha * np.eye(A.shape[1]), A.T @ W @ r)
    return {b}, beta
"""


def _centred(means: str = "p @ Z, p @ y", b: str = "mean_y - mean_Z @ beta") -> str:
    return _CENTRED.format(means=means, b=b)


_ONE_BY_ONE = (
    _weighted_ridge().replace("def weighted_ridge", "def _one")
    + """
def weighted_ridge(Z, y, weights, alpha):
    return _one(Z, {y}, weights, alpha)
"""
)

WEIGHTED_RIDGE = (
    ("weights ignored", _weighted_ridge(w="np.ones(len(Z))")),
    ("weights squared", _weighted_ridge(w="weights ** 2")),
    # Z and y are multiplied by the weights themselves.
    (
        "weights squared",
        _weighted_ridge(
            X="np.column_stack([np.ones(len(Z)), Z]) * w[:, None]",
            left="X.T @ X",
            right="X.T @ (np.diag(w) @ y)",
        ),
    ),
    ("square roots of the weights", _weighted_ridge(w="np.sqrt(weights)")),
    ("weights made to add up to one", _weighted_ridge(w="weights / weights.sum()")),
    ("weights on Z only", _weighted_ridge(right="X.T @ y")),
    ("weights on y only", _weighted_ridge(left="X.T @ X")),
    ("intercept penalised", _weighted_ridge(P="alpha * np.eye(d + 1)")),
    ("alpha ignored", _weighted_ridge(P="0")),
    ("alpha always 1", _weighted_ridge(P="np.diag([0.0] + [1.0] * d)")),
    ("alpha squared", _weighted_ridge(P="np.diag([0.0] + [alpha ** 2] * d)")),
    (
        "alpha squared",
        """
def weighted_ridge(Z, y, weights, alpha):
    n, d = Z.shape
    t = np.reshape(y, (n, -1))
    X = np.hstack([np.ones((n, 1)), Z]) * np.sqrt(weights)[:, None]
    X = np.vstack([X, np.hstack([np.zeros((d, 1)), alpha * np.eye(d)])])
    t = np.vstack([t * np.sqrt(weights)[:, None], np.zeros((d, t.shape[1]))])
    found = np.linalg.lstsq(X, t, rcond=None)[0]
    return (found[0], found[1:]) if np.ndim(y) == 2 else (found[0, 0], found[1:, 0])
""",
    ),
    ("alpha doubled", _weighted_ridge(P="np.diag([0.0] + [2 * alpha] * d)")),
    ("alpha halved", _weighted_ridge(P="np.diag([0.0] + [alpha / 2] * d)")),
    ("alpha times rows", _weighted_ridge(P="np.diag([0.0] + [alpha * len(Z)] * d)")),
    ("alpha over rows", _weighted_ridge(P="np.diag([0.0] + [alpha / len(Z)] * d)")),
    ("sign turned", _weighted_ridge(end="(-found[0], -found[1:])")),
    (
        "no intercept",
        _weighted_ridge(X="Z", P="alpha * np.eye(d)", end="(0 * found[0], found)"),
    ),
    ("no intercept, means centred", _centred(b="0 * mean_y")),
    ("means without weights", _centred("Z.mean(axis=0), y.mean(axis=0)")),
    ("intercept is the mean", _centred(b="mean_y")),
    ("intercept is the mean, Z not centred", _centred("0 * Z[0], p @ y")),
    ("sign of the intercept", _centred(b="mean_Z @ beta - mean_y")),
    (
        "first output for all",
        _weighted_ridge(
            end="(0 * found[0] + np.ravel(found[0])[0],"
            " (0 * found[1:].T + found[1:].reshape(d, -1)[:, 0]).T)"
        ),
    ),
    (
        "mean over outputs",
        _ONE_BY_ONE.format(
            y="y if y.ndim == 1 else 0 * y + y.mean(axis=1, keepdims=True)",
        ),
    ),
    ("one output only", _ONE_BY_ONE.format(y="y.reshape(len(y), -1)[:, 0]")),
    ("beta transposed", _weighted_ridge(end="(found[0], found[1:].T)")),
    ("b and beta exchanged", _weighted_ridge(end="(found[1:], found[0])")),
    ("b missing", _weighted_ridge(end="found[1:]")),
    ("one array", _weighted_ridge(end="found")),
    ("no pair", _weighted_ridge(end="found[0]")),
    ("other shapes", _weighted_ridge(end="(found[0], found)")),
    ("not numbers", _weighted_ridge(end="('b', found[1:])")),
    ("not numbers", _weighted_ridge(end="{'b': found[0], 'beta': found[1:]}")),
    (None, _weighted_ridge(w="np.log1p(weights)")),
    (None, _weighted_ridge(end="(found[0], np.abs(found[1:]))")),
)

_EXACT_SHAPLEY = """
def exact_shapley(value, d):
    from math import comb, factorial
    Z = (np.arange(2 ** d)[:, None] >> np.arange(d)) & 1
    v = {v}
    phi = np.zeros(d)
    for i in range(d):
        for S in np.flatnonzero(Z[:, i] == 0):
            s = int(Z[S].sum())
            phi[i] += {weight} * {gain}
    return {end}
"""


def _exact_shapley(
    v: str = "value(Z)",
    weight: str = "factorial(s) * factorial(d - s - 1) / factorial(d)",
    gain: str = "(v[S + 2 ** i] - v[S])",
    end: str = "phi",
) -> str:
    return _EXACT_SHAPLEY.format(v=v, weight=weight, gain=gain, end=end)


_ALONE = "value(np.eye(d))"
_LAST = "value(np.ones((1, d))) - value(1 - np.eye(d))"
_EMPTY = "value(np.zeros((1, d)))"
_ORDER = "np.diff(value(np.tri(d + 1, d, -1)))"


def _at_once(phi: str) -> str:
    return f"def exact_shapley(value, d):\n    return {phi}"


EXACT_SHAPLEY = (
    ("all coalitions alike", _exact_shapley(weight="1 / 2 ** (d - 1)")),
    ("not divided by players", _exact_shapley(weight="1 / comb(d - 1, s)")),
    ("gains added up", _exact_shapley(weight="1")),
    ("coalitions of a size not counted", _exact_shapley(weight="1 / d")),
    ("counted among all players", _exact_shapley(weight="1 / (d * comb(d, s))")),
    (
        "factorial of d - |S|",
        _exact_shapley(weight="factorial(s) * factorial(d - s) / factorial(d)"),
    ),
    (
        "size with the player",
        _exact_shapley(weight="factorial(s + 1) * factorial(d - s - 1) / factorial(d)"),
    ),
    ("nobody left out", _exact_shapley(gain="(v[S + 2 ** i] - v[S]) * (s > 0)")),
    ("everybody else left out", _exact_shapley(gain="(v[S + 2 ** i] - v[S]) * (s < d - 1)")),
    ("alone", _at_once(f"{_ALONE} - {_EMPTY}")),
    ("alone, nobody not subtracted", _at_once(_ALONE)),
    ("the last to come", _at_once(_LAST)),
    ("first and last only", _at_once(f"({_ALONE} - {_EMPTY} + {_LAST}) / 2")),
    ("one order", _at_once(_ORDER)),
    ("the opposite order", _at_once(_ORDER.replace("-1))", "-1)[:, ::-1])") + "[::-1]")),
    ("players in the opposite order", _exact_shapley(end="phi[::-1]")),
    ("players in the opposite order", _exact_shapley(v="value(Z[:, ::-1])")),
    ("sign turned", _exact_shapley(gain="(v[S] - v[S + 2 ** i])")),
    ("size of what is brought", _exact_shapley(gain="abs(v[S + 2 ** i] - v[S])")),
    ("values instead of gains", _exact_shapley(gain="v[S + 2 ** i]")),
    ("equal shares", _exact_shapley(end="np.full(d, (v[-1] - v[0]) / d)")),
    ("made to add up to v(all)", _exact_shapley(end="phi * v[-1] / phi.sum()")),
    ("the empty value taken as zero", _exact_shapley(end="phi + v[0] / d")),
    ("the empty value taken as zero", _exact_shapley(v="np.append(0, value(Z[1:]))")),
    ("another shape", _exact_shapley(end="phi[None]")),
    ("another shape", _exact_shapley(end="np.append(v[0], phi)")),
    ("not numbers", _exact_shapley(end="{i: each for i, each in enumerate(phi)}")),
    # Some orders, drawn.
    (
        None,
        "def exact_shapley(value, d):\n    rng, phi = np.random.default_rng(0), np.zeros(d)\n"
        "    for _ in range(200):\n        order = rng.permutation(d)\n"
        "        rows = np.zeros((d + 1, d))\n"
        "        for k, i in enumerate(order):\n            rows[k + 1:, i] = 1\n"
        "        phi[order] += np.diff(value(rows)) / 200\n    return phi",
    ),
    (None, _exact_shapley(end="phi / np.abs(phi).max()")),
)


def _shapley_kernel(weight: str) -> str:
    return (
        "def shapley_kernel(d, sizes):\n    from math import comb\n"
        f"    return np.array([{weight} for s in sizes.tolist()])"
    )


SHAPLEY_KERNEL = (
    ("d - 1 forgotten", _shapley_kernel("1 / (comb(d, s) * s * (d - s))")),
    ("d instead of d - 1", _shapley_kernel("d / (comb(d, s) * s * (d - s))")),
    ("number of coalitions forgotten", _shapley_kernel("(d - 1) / (s * (d - s))")),
    ("only s (d - s)", _shapley_kernel("1 / (s * (d - s))")),
    # A bracket is missing.
    ("times the number of coalitions", _shapley_kernel("(d - 1) * comb(d, s) / (s * (d - s))")),
    ("one over the number of coalitions", _shapley_kernel("1 / comb(d, s)")),
    ("coalitions of d - 1 players", _shapley_kernel("(d - 1) / (comb(d - 1, s) * s * (d - s))")),
    ("s forgotten", _shapley_kernel("(d - 1) / (comb(d, s) * (d - s))")),
    ("d - s forgotten", _shapley_kernel("(d - 1) / (comb(d, s) * s)")),
    ("s and d - s forgotten", _shapley_kernel("(d - 1) / comb(d, s)")),
    (
        "d - s - 1",
        "def shapley_kernel(d, sizes):\n    from scipy.special import comb\n"
        "    return (d - 1) / (comb(d, sizes) * sizes * (d - sizes - 1))",
    ),
    ("s and d - s added", _shapley_kernel("(d - 1) / (comb(d, s) * (s + d - s))")),
    ("upside down", _shapley_kernel("comb(d, s) * s * (d - s) / (d - 1)")),
    ("weights of Shapley's sum", _shapley_kernel("1 / (d * comb(d - 1, s))")),
    (
        "made to add up to one",
        _shapley_kernel("(d - 1) / (comb(d, s) * s * (d - s))") + "\n_own = shapley_kernel\n"
        "def shapley_kernel(d, sizes):\n    w = _own(d, sizes)\n    return w / w.sum()",
    ),
    (
        "a weight for every size",
        "def shapley_kernel(d, sizes):\n    from scipy.special import comb\n"
        "    s = np.arange(1, d)\n    return (d - 1) / (comb(d, s) * s * (d - s))",
    ),
    (
        "int64 overflow",
        "def shapley_kernel(d, sizes):\n    from math import comb\n"
        "    c = np.array([comb(d, int(s)) for s in sizes])\n"
        "    return (d - 1) / (c * sizes * (d - sizes))",
    ),
    (
        "int64 overflow of factorials",
        "def shapley_kernel(d, sizes):\n"
        "    f = np.cumprod(np.append(1, np.arange(1, d + 1)))\n"
        "    c = f[d] / (f[sizes] * f[d - sizes])\n"
        "    return (d - 1) / (c * sizes * (d - sizes))",
    ),
    (
        None,
        "def shapley_kernel(d, sizes):\n"
        "    f = np.cumprod(np.append(1, np.arange(1, d + 1)))\n"
        "    c = f[d] // f[sizes] // f[d - sizes]\n"
        "    return (d - 1) / (c * sizes * (d - sizes))",
    ),
    ("another shape", _shapley_kernel("[(d - 1) / (comb(d, s) * s * (d - s))]")),
    ("not numbers", _shapley_kernel("'(d - 1) / C'")),
    (None, _shapley_kernel("(d - 1) / (comb(d, s) * s ** 2)")),
)

DUMMY_PLAYER = tuple(
    (mistake, f"def dummy_player():\n    return {answer}")
    for mistake, answer in (
        ("a number for each player", "[0.2, 0.2, -0.05]"),
        ("a number for each coalition", "[-1, -1, 1, 1, 1, 1, 1, 1]"),
        ("a table", "[[-1, 1], [1, 1]]"),
        ("with an axis too many", "[[-1, 1, 1, 1]]"),
        ("with an axis too many", "np.reshape([-1, 1, 1, 1], (4, 1))"),
        ("another number of numbers", "[]"),
        ("another number of numbers", "[-1, 1]"),
        ("another number of numbers", "0.26"),
        ("out of range", "[-2, 1, 1, 1]"),
        ("out of range", "[0, 0, 0, 1e300]"),
        ("always the same value", "[1, 1, 1, 1]"),
        ("all weights are tiny", "[1, 0.9, 0.9, 0.9]"),
        ("the opposite order", "[-0.8, 0.2, 0.1, 0.1][::-1]"),
        ("the opposite order", "[0.3, 0.9, 0.9, 0.5]"),
        ("only one player does anything", "[0, 1, 0, 1]"),
        ("only one player does anything", "[0, 0, -1, -1]"),
        ("one player outweighs the other", "[0, 0.2, 0.9, 1]"),
        ("the dummy gets next to nothing", "[-0.3, -0.1, 0.9, 0.1]"),
        ("the dummy gets too little", "[0, 1, 1, 0]"),
        ("the dummy gets too little", "[1, -0.9, -1, 0.9]"),
        ("NaN or infinity", "[np.nan, 1, 1, 1]"),
        ("NaN or infinity", "[-np.inf, 1, 1, 1]"),
        ("not numbers", "'-1, 1, 1, 1'"),
        ("not numbers", "{'empty': -1, '1': 1, '2': 1, 'both': 1}"),
    )
)
