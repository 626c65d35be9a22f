"""Plausible wrong answers to path_point, get_attributions, absolute and comparative.

Each is a pair of the mistake that should be named and the source; ``None`` for a mistake that no
typical one explains.
"""

PATH_POINT = (
    ("path runs backwards", "def path_point(b, z, t): return z + t * (b - z)"),
    ("baseline not used", "def path_point(b, z, t): return t * z"),
    ("start of the path missing", "def path_point(b, z, t): return t * (z - b)"),
    ("step along z", "def path_point(b, z, t): return b + t * z"),
    ("step away from z", "def path_point(b, z, t): return b - t * (z - b)"),
    ("t not used, z", "def path_point(b, z, t): return z"),
    ("t not used, baseline", "def path_point(b, z, t): return b + 0 * t"),
    ("t not used, whole step", "def path_point(b, z, t): return z - b"),
    ("t not used, middle", "def path_point(b, z, t): return (b + z) / 2"),
    ("both shares t", "def path_point(b, z, t): return t * b + t * z"),
    ("t squared", "def path_point(b, z, t): return b + t ** 2 * (z - b)"),
    ("absolute step", "def path_point(b, z, t): return b + t * abs(z - b)"),
    (None, "def path_point(b, z, t): return np.sqrt(np.abs(b + t * (z - b)))"),
)

_METHOD = """
class MyAumannShapley(AumannShapley):
    def get_attributions(self, instance, ignore_difference_term=True, baseline=None):
        z = self.activations(instance)
        b = {start}
        m = self.resolution
        steps = rule(self.rule, m)
        influence = np.zeros_like(z)
        for t, w in {points}:
            influence = influence + {weight} * self.gradients({point})
        {end}
"""
_GIVEN = "np.zeros_like(z) if baseline is None else np.broadcast_to(baseline, z.shape)"


def _method(
    start: str = _GIVEN,
    points: str = "zip(np.float32(steps.nodes), np.float32(steps.weights))",
    weight: str = "w",
    point: str = "b + t * (z - b)",
    end: str = "return influence if ignore_difference_term else influence * (z - b)",
) -> str:
    return _METHOD.format(start=start, points=points, weight=weight, point=point, end=end)


_MEAN = "influence if ignore_difference_term else influence * (z - b)"
GET_ATTRIBUTIONS = (
    ("left sum", _method(points="[(i / m, 1 / m) for i in range(m)]")),
    ("always the right sum", _method(points="[((i + 1) / m, 1 / m) for i in range(m)]")),
    ("always the midpoint rule", _method(points="[((i + 0.5) / m, 1 / m) for i in range(m)]")),
    ("linspace with both ends", _method(points="[(t, 1 / m) for t in np.linspace(0, 1, m)]")),
    (
        "one point too many",
        _method(
            points="[(t, 1 / (m + 1)) for t in np.r_[0, steps.nodes]]"
            " if self.rule != 'trapezoid' else"
            " zip(steps.nodes, steps.weights)"
        ),
    ),
    ("end point only", _method(points="[(1.0, 1.0)]")),
    ("baseline only", _method(points="[(0.0, 1.0)]")),
    ("middle only", _method(points="[(0.5, 1.0)]")),
    (
        "resolution ignored",
        _method(points="zip(*(lambda r: (r.nodes, r.weights))(rule(self.rule, 50)))"),
    ),
    ("weights missing", _method(weight="1.0")),
    ("weighted twice", _method(weight="w / m")),
    ("difference term forgotten", _method(end="return influence")),
    ("difference term always there", _method(end="return influence * (z - b)")),
    (
        "difference term the wrong way round",
        _method(end="return influence * (z - b) if ignore_difference_term else influence"),
    ),
    (
        "difference term twice",
        _method(
            end="return influence if ignore_difference_term else influence * (z - b) * (z - b)"
        ),
    ),
    (
        "difference term with z",
        _method(end="return influence if ignore_difference_term else influence * z"),
    ),
    (
        "difference term with its sign turned",
        _method(end="return influence if ignore_difference_term else influence * (b - z)"),
    ),
    ("sign turned", _method(weight="-w")),
    ("baseline ignored", _method(start="np.zeros_like(z)")),
    ("baseline in the difference only", _method(point="t * z")),
    ("start of the path missing", _method(point="t * (z - b)")),
    ("path past z", _method(point="b + t * z")),
    ("path runs backwards", _method(point="z + t * (b - z)")),
    (
        "baseline of the input",
        _method(
            start="self.activations(np.zeros_like(instance)) if baseline is None else "
            "np.broadcast_to(baseline, z.shape)"
        ),
    ),
    ("absolute value", _method(end=f"return np.abs({_MEAN})")),
    ("negative cut off", _method(end=f"return np.maximum({_MEAN}, 0)")),
    (
        "mean over instances",
        _method(
            end=f"out = {_MEAN}; "
            "return out if z.ndim == len(self.stream.cut.slice_shape) else "
            "out.mean(axis=0) + 0 * out"
        ),
    ),
    (
        "batch axis",
        _method(
            end=f"out = {_MEAN}; "
            "return out[None] if z.ndim == len(self.stream.cut.slice_shape) else out[0]"
        ),
    ),
    # Two mistakes in one answer; the first aspect that fails names its own.
    (
        "left sum",
        _method(
            points="[(i / m, 1 / m) for i in range(m)]",
            end="return influence if ignore_difference_term else influence * z",
        ),
    ),
    (None, _method(weight="w * t")),
)


def _layer(name: str, arguments: str, body: str) -> str:
    class_name = "My" + name.capitalize()
    return (
        f"class {class_name}(ExplanationForLayer):\n    def {name}(self, {arguments}):\n"
        f"        import tensorflow as tf\n        from hwkit.quantities import FunctionQuantity\n"
        f"        {body}\n"
    )


def _absolute(body: str) -> str:
    return _layer("absolute", "c", body)


def _absolute_of(formula: str) -> str:
    return _absolute(f"return self.for_quantity(FunctionQuantity(lambda f: {formula}))")


ABSOLUTE = (
    ("softmax", _absolute_of("tf.nn.softmax(f)[:, c]")),
    ("logarithm of softmax", _absolute_of("tf.nn.log_softmax(f)[:, c]")),
    ("sign turned", _absolute("return self.for_quantity(Quantity(((c, -1.0),)))")),
    ("class after", _absolute("return self.for_quantity(Quantity((((c + 1) % 5, 1.0),)))")),
    ("class before", _absolute("return self.for_quantity(Quantity((((c - 1) % 5, 1.0),)))")),
    ("factor", _absolute("return self.for_quantity(Quantity(((c, 2.0),)))")),
    ("all classes", _absolute_of("tf.reduce_sum(f, axis=1)")),
    ("mean of the classes", _absolute_of("tf.reduce_mean(f, axis=1)")),
    ("highest class", _absolute_of("tf.reduce_max(f, axis=1)")),
    ("sign cut off", _absolute_of("tf.nn.relu(f[:, c])")),
    ("absolute value", _absolute_of("tf.abs(f[:, c])")),
    ("squared", _absolute_of("f[:, c] ** 2")),
    ("always class 0", _absolute("return self.for_quantity(Quantity(((0, 1.0),)))")),
    ("always class 3", _absolute("return self.for_quantity(Quantity(((3, 1.0),)))")),
    ("quantity instead of question", _absolute("return Quantity(((c, 1.0),))")),
    ("not a question", _absolute("return c")),
    (
        "another slice",
        _absolute("return self.explanation.for_input().for_quantity(Quantity(((c, 1.0),)))"),
    ),
    ("another output", _absolute("return self.for_quantity(Quantity(((c, 1.0),), layer='bend'))")),
    (None, _absolute_of("tf.sin(f[:, c])")),
)


def _comparative(body: str) -> str:
    return _layer("comparative", "c1, c2", body)


def _comparative_of(formula: str) -> str:
    return _comparative(f"return self.for_quantity(FunctionQuantity(lambda f: {formula}))")


def _comparative_terms(*terms: str) -> str:
    return _comparative(f"return self.for_quantity(Quantity(({', '.join(terms)},)))")


COMPARATIVE = (
    ("comparison swapped", _comparative_terms("(c1, -1.0)", "(c2, 1.0)")),
    ("scores added", _comparative_terms("(c1, 1.0)", "(c2, 1.0)")),
    ("second class ignored", _comparative_terms("(c1, 1.0)")),
    ("first class ignored", _comparative_terms("(c2, 1.0)")),
    ("first class missing", _comparative_terms("(c2, -1.0)")),
    ("softmax", _comparative_of("tf.nn.softmax(f)[:, c1] - tf.nn.softmax(f)[:, c2]")),
    ("softmax of the first", _comparative_of("tf.nn.softmax(f)[:, c1]")),
    ("logarithm of softmax of the first", _comparative_of("tf.nn.log_softmax(f)[:, c1]")),
    ("absolute value", _comparative_of("tf.abs(f[:, c1] - f[:, c2])")),
    ("sign cut off", _comparative_of("tf.nn.relu(f[:, c1] - f[:, c2])")),
    ("mean of two terms", _comparative_terms("(c1, 0.5)", "(c2, -0.5)")),
    ("product", _comparative_of("f[:, c1] * f[:, c2]")),
    ("versus all others", _comparative_of("2 * f[:, c1] - tf.reduce_sum(f, axis=1)")),
    ("quantity instead of question", _comparative("return Quantity(((c1, 1.0), (c2, -1.0)))")),
    (None, _comparative_of("f[:, c1] / f[:, c2]")),
)
