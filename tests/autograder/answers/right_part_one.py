"""Correct answers to path_point, get_attributions, absolute and comparative, in many styles."""

PATH_POINT = (
    "def path_point(baseline, z, t):\n    return (1 - t) * baseline + t * z",
    "path_point = lambda baseline, z, t: z + (1 - t) * (baseline - z)",
    """
def path_point(baseline, z, t):
    return np.asarray(baseline, np.float64) + np.float64(t) * np.subtract(z, baseline, dtype=float)
""",
    """
def path_point(baseline, z, t):
    import tensorflow as tf
    b, end = tf.convert_to_tensor(baseline), tf.convert_to_tensor(z)
    return b + tf.cast(t, b.dtype) * (end - b)
""",
    """
def path_point(baseline, z, t):
    return [b + t * (e - b) for b, e in zip(baseline.tolist(), z.tolist())] if z.ndim == 1 else (
        np.average([baseline, z], axis=0, weights=[1 - t, t]))
""",
    """
def path_point(baseline, z, t):
    point = np.empty_like(z)
    for index in np.ndindex(z.shape):
        point[index] = baseline[index] * (1 - t) + z[index] * t
    return point
""",
    """
def path_point(baseline, z, t):
    z -= baseline          # works on what came in; not forbidden here
    z *= t
    z += baseline
    return z
""",
)

GET_ATTRIBUTIONS = (
    # All points of one instance at once.
    """
class MyAumannShapley(AumannShapley):
    def get_attributions(self, instance, ignore_difference_term=True, baseline=None):
        z = self.activations(instance)
        single = z.ndim == len(self.stream.cut.slice_shape)
        batch = z[None] if single else z
        b = np.zeros_like(batch) if baseline is None else np.broadcast_to(baseline, batch.shape)
        steps = rule(self.rule, self.resolution)
        rows = []
        for start, end in zip(b, batch):
            t = steps.nodes.reshape(-1, *[1] * end.ndim).astype(np.float32)
            gradients = self.gradients(start + t * (end - start))
            rows.append(np.tensordot(steps.weights, gradients, 1))
        influence = np.stack(rows)
        out = influence if ignore_difference_term else influence * (batch - b)
        return out[0] if single else out
""",
    # Plain float64 sums, a path of its own.
    """
class MyAumannShapley(AumannShapley):
    def get_attributions(self, instance, ignore_difference_term=True, baseline=None):
        z = self.activations(instance).astype(np.float64)
        b = 0.0 if baseline is None else np.asarray(baseline, np.float64)
        steps = rule(self.rule, self.resolution)
        total = sum(w * self.gradients(b + t * (z - b)) for t, w in zip(steps.nodes, steps.weights))
        return total if ignore_difference_term else total * (z - b)
""",
    # TensorFlow's own gradient through the tail.
    """
class MyAumannShapley(AumannShapley):
    def get_attributions(self, instance, ignore_difference_term=True, baseline=None):
        import tensorflow as tf
        z = tf.convert_to_tensor(self.activations(instance))
        shape = self.stream.cut.slice_shape
        batch = tf.reshape(z, (-1, *shape))
        b = tf.zeros_like(batch) if baseline is None else tf.broadcast_to(
            tf.cast(baseline, tf.float32), batch.shape)
        tail = self.stream.cut.tail
        (index, factor), = self.stream.quantity.terms
        total = tf.zeros_like(batch)
        steps = rule(self.rule, self.resolution)
        for t, w in zip(steps.nodes, steps.weights):
            point = b + tf.cast(t, tf.float32) * (batch - b)
            with tf.GradientTape() as tape:
                tape.watch(point)
                score = factor * tf.reduce_sum(tail(point)[:, index])
            total += tf.cast(w, tf.float32) * tape.gradient(score, point)
        out = total if ignore_difference_term else total * (batch - b)
        return tf.reshape(out, z.shape)
""",
    # Own nodes and weights.
    """
class MyAumannShapley(AumannShapley):
    def get_attributions(self, instance, ignore_difference_term=True, baseline=None):
        m = self.resolution
        if self.rule == "right":
            t, w = np.arange(1, m + 1) / m, np.ones(m) / m
        elif self.rule == "left":
            t, w = np.arange(m) / m, np.ones(m) / m
        elif self.rule == "midpoint":
            t, w = (np.arange(m) + 0.5) / m, np.ones(m) / m
        elif self.rule == "trapezoid":
            t, w = np.linspace(0, 1, m + 1), np.r_[0.5, np.ones(m - 1), 0.5] / m
        else:
            t, w = np.polynomial.legendre.leggauss(m)
            t, w = (t + 1) / 2, w / 2
        z = self.activations(instance)
        b = np.zeros(z.shape) if baseline is None else baseline + np.zeros(z.shape)
        influence = 0
        for i in range(len(t)):
            influence = influence + w[i] * self.gradients(path_point(b, z, t[i]))
        if not ignore_difference_term:
            influence = influence * (z - b)
        return influence
""",
    # The package's.
    """
class MyAumannShapley(AumannShapley):
    def get_attributions(self, instance, ignore_difference_term=True, baseline=None):
        return AumannShapley.get_attributions(self, instance, ignore_difference_term, baseline)
""",
    # One instance at a time, recursively; a list goes out.
    """
class MyAumannShapley(AumannShapley):
    def get_attributions(self, instance, ignore_difference_term=True, baseline=None):
        if np.ndim(instance) > len(self.stream.cut.instance_shape):
            settings = ignore_difference_term, baseline
            return [self.get_attributions(one, *settings) for one in instance]
        z = self.activations(instance)
        b = np.full(z.shape, 0 if baseline is None else baseline, np.float32)
        steps = rule(self.rule, self.resolution)
        gradients = np.array([self.gradients(path_point(b, z, np.float32(t))) for t in steps.nodes])
        influence = np.average(gradients, axis=0, weights=steps.weights)
        return (influence * (1 if ignore_difference_term else z - b)).tolist()
""",
    # Vectorised over points and instances, with path_point on broadcast arrays.
    """
class MyAumannShapley(AumannShapley):
    def get_attributions(self, instance, ignore_difference_term=True, baseline=None):
        z = self.activations(instance)
        b = np.zeros_like(z) if baseline is None else np.broadcast_to(baseline, z.shape)
        steps = rule(self.rule, self.resolution)
        t = np.expand_dims(steps.nodes, tuple(range(1, z.ndim + 1)))
        points = path_point(b[None], z[None], t)
        flat = points.reshape(-1, *self.stream.cut.slice_shape).astype(np.float32)
        gradients = self.gradients(flat).reshape(points.shape)
        influence = np.einsum("i,i...->...", steps.weights, gradients)
        return influence if ignore_difference_term else influence * (z - b)
""",
)

ABSOLUTE = (
    """
class MyAbsolute(ExplanationForLayer):
    def absolute(self, c):
        return self.for_quantity(Quantity(((c, 1.0),)))
""",
    """
class MyAbsolute(ExplanationForLayer):
    def absolute(self, c):
        from hwkit import quantities
        return self.for_quantity(quantities.absolute(c))
""",
    """
class MyAbsolute(ExplanationForLayer):
    def absolute(self, c):
        from hwkit.quantities import FunctionQuantity
        return self.for_quantity(FunctionQuantity(lambda scores: scores[:, c], name="own"))
""",
    """
class MyAbsolute(ExplanationForLayer):
    def absolute(self, c):
        one_hot = [(i, 1.0 if i == c else 0.0) for i in range(c + 1)]
        return self.for_quantity(Quantity(tuple(one_hot), name=f"class {c}"))
""",
    """
class MyAbsolute(ExplanationForLayer):
    def absolute(self, c):
        quantity = Quantity(terms=((int(c), 0.5), (int(c), 0.5)), name=world.classes[c])
        return super().for_quantity(quantity)
""",
    """
class MyAbsolute(ExplanationForLayer):
    def absolute(self, c):
        from hwkit.explanation import ExplanationForQuantity
        method, cut = self.explanation.attribution_method, self.explanation.cut(self.layer)
        return ExplanationForQuantity(method.compile(Quantity(((c, 1),)), cut))
""",
    """
class MyAbsolute(ExplanationForLayer):
    def absolute(self, c):
        last = self.explanation.model.layers[-1].name
        return self.for_quantity(Quantity(((c, 1.0),), layer=last))
""",
)

COMPARATIVE = (
    """
class MyComparative(ExplanationForLayer):
    def comparative(self, c1, c2):
        return self.for_quantity(Quantity(((c2, -1.0), (c1, 1.0)), name="difference"))
""",
    """
class MyComparative(MyAbsolute):
    def comparative(self, c1, c2):
        from hwkit import quantities
        return self.for_quantity(quantities.comparative(c1, c2))
""",
    """
class MyComparative(MyAbsolute):
    def comparative(self, c1, c2):
        from hwkit.quantities import FunctionQuantity
        return self.for_quantity(FunctionQuantity(lambda out: out[..., c1] - out[..., c2]))
""",
    """
class MyComparative(MyAbsolute):
    def comparative(self, c1, c2):
        import tensorflow as tf
        from hwkit.quantities import FunctionQuantity
        def log_odds(out):
            shares = tf.nn.log_softmax(out)
            return shares[:, c1] - shares[:, c2]
        return self.for_quantity(FunctionQuantity(log_odds))
""",
    """
class MyComparative(MyAbsolute):
    def comparative(self, c1, c2):
        terms = []
        for c, sign in zip((c1, c2), (+1, -1)):
            terms.append((c, sign))
        return self.for_quantity(Quantity(tuple(terms)))
""",
    """
class MyComparative(MyAbsolute):
    def comparative(self, c1, c2):
        from hwkit.quantities import FunctionQuantity
        import tensorflow as tf
        direction = tf.one_hot(c1, 5) - tf.one_hot(c2, 5)
        return self.for_quantity(FunctionQuantity(lambda out: tf.linalg.matvec(out, direction)))
""",
)
