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
