"""Correct answers to by_hand, lrp_zero, cancelling, hand_down and gamma_weights, in many styles."""

BY_HAND = (
    'def by_hand():\n    return {"hidden": [0, 9, -4], "input": [-24, 14]}',
    # Fractions as on paper, in tuples.
    """
def by_hand():
    second, third = 3 * 3, 4 * -1
    return {"input": (-6 / 3 * second + 6 / 4 * third, 4 / 3 * second - 2 / 4 * third),
            "hidden": (0, second, third)}
""",
    """
def by_hand():
    from fractions import Fraction
    a = [0, 3, 4]
    hidden = [Fraction(a[k]) * int(TOY.u[k]) for k in range(3)]
    below = [sum(Fraction(int(TOY.x[j] * TOY.V[j, k]), a[k]) * hidden[k] for k in (1, 2))
             for j in range(2)]
    return {"hidden": hidden, "input": below}
""",
    """
def by_hand():
    z = TOY.x @ TOY.V + TOY.c
    a = np.maximum(z, 0)
    shares = TOY.x[:, None] * TOY.V / z
    return {"hidden": a * TOY.u, "input": (shares * (a * TOY.u)).sum(axis=1).astype(np.float32)}
""",
    # Gradient times input is the same on this network.
    """
def by_hand():
    import tensorflow as tf
    x = tf.Variable(TOY.x)
    with tf.GradientTape() as tape:
        a = tf.nn.relu(tf.linalg.matvec(TOY.V.T, x) + TOY.c)
        f = tf.reduce_sum(a * TOY.u)
    return {"hidden": a * TOY.u, "input": x * tape.gradient(f, x)}
""",
    """
def by_hand():
    found = {"hidden": np.zeros(3), "input": np.zeros(2), "score": 5.0}
    for k in range(3):
        z = sum(TOY.x[j] * TOY.V[j][k] for j in range(2)) + TOY.c[k]
        if z > 0:
            found["hidden"][k] = z * TOY.u[k]
            for j in range(2):
                found["input"][j] += TOY.x[j] * TOY.V[j][k] / z * found["hidden"][k]
    return found
""",
    """
def by_hand():
    import pandas as pd
    return pd.Series({"hidden": pd.Series([0.0, 9.0, -4.0]), "input": pd.Series([-24.0, 14.0])})
""",
)

LRP_ZERO = (
    """
def lrp_zero(x, w, b, R):
    z = x @ w + b
    s = np.divide(R, z, out=np.zeros_like(z), where=z != 0)
    return x * (s @ w.T)
""",
    # As the formula is written.
    """
def lrp_zero(x, w, b, R):
    found = np.zeros(x.shape)
    for i in range(len(x)):
        for k in range(w.shape[1]):
            z = sum(x[i, j] * w[j, k] for j in range(len(w))) + b[k]
            if z == 0:
                continue
            for j in range(len(w)):
                found[i, j] += x[i, j] * w[j, k] / z * R[i, k]
    return found
""",
    # All contributions at once.
    """
def lrp_zero(x, w, b, R):
    parts = np.einsum("nj,jk->njk", x, w)
    z = parts.sum(axis=1, keepdims=True) + b
    shares = np.where(z == 0, 0, parts / np.where(z == 0, 1, z))
    return np.einsum("njk,nk->nj", shares, R)
""",
    """
def lrp_zero(x, w, b, R):
    with np.errstate(divide="ignore", invalid="ignore"):
        s = np.nan_to_num(R / (x.dot(w) + b), nan=0.0, posinf=0.0, neginf=0.0)
    return np.multiply(x, np.tensordot(s, w, axes=(1, 1)))
""",
    """
def lrp_zero(x, w, b, R):
    import tensorflow as tf
    z = tf.matmul(x, w) + b
    return x * tf.matmul(tf.math.divide_no_nan(R, z), w, transpose_b=True)
""",
    # The gradient of z, weighted.
    """
def lrp_zero(x, w, b, R):
    import tensorflow as tf
    x = tf.constant(x)
    with tf.GradientTape() as tape:
        tape.watch(x)
        z = x @ w + b
    s = tf.where(z == 0, tf.zeros_like(z), R / tf.where(z == 0, tf.ones_like(z), z))
    return (x * tape.gradient(z, x, s)).numpy()
""",
    # One instance after the other, one output after the other, in float64; a list comes back.
    """
def lrp_zero(x, w, b, R):
    rows = []
    for row, relevance in zip(x.astype(float), R.astype(float)):
        parts = row[:, None] * w
        z = parts.sum(0) + b
        alive = np.flatnonzero(z)
        rows.append((parts[:, alive] / z[alive]) @ relevance[alive])
    return [row.tolist() for row in rows]
""",
    """
def lrp_zero(x, w, b, R):
    return LinearLayer.dense(w, b).backward(
        np.where((z := x @ w + b) != 0, R, 0) / np.where(z != 0, z, 1), w) * x
""",
)

_SEARCH = """
def cancelling():
    tried = np.random.default_rng({seed}).uniform(-10, 10, (20_000, 2))
    z = tried @ TOY.V + TOY.c
    a = np.maximum(z, 0)
    scores, handed = a @ TOY.u, np.abs({handed}).sum(axis=1)
    good = np.flatnonzero((scores >= 0.1) & (handed > 10 * scores))
    return tried[good[{which}]]
"""
_OWN = "lrp_zero(tried, TOY.V, TOY.c, a * TOY.u)"
CANCELLING = (
    "def cancelling():\n    return [2.7, -4.6]",
    "def cancelling():\n    return np.array([9.9, 9.6], dtype=np.float32)",
    # The score is 0.1, or nearly so in float64.
    "def cancelling():\n    return (2.3, -3.5)",
    LRP_ZERO[0] + _SEARCH.format(seed=0, handed=_OWN, which=0),
    LRP_ZERO[2] + _SEARCH.format(seed=1, handed=_OWN, which=-1),
    # Gradient times input.
    _SEARCH.format(seed=2, handed="tried * (((z > 0) * TOY.u) @ TOY.V.T)", which=3),
    """
def cancelling():
    import tensorflow as tf
    return tf.constant([4.3, 2.9])
""",
    # Down to where the score is nearly 0.1, starting anywhere.
    """
def cancelling():
    x = np.array([9.0, 9.0])
    while TOY.score(x) > 1.0:
        x = x + [0.01, 0]
    return x
""",
)

HAND_DOWN = (
    """
def hand_down(layer, x, R, modify, epsilon):
    w = modify(layer.w)
    z = layer.forward(x, w) + modify(layer.b)
    z = z + epsilon * np.where(z >= 0, 1, -1)
    s = np.divide(R, z, out=np.zeros_like(z), where=z != 0)
    return x * layer.backward(s, w)
""",
    # sign with its zero repaired; zero denominators replaced.
    """
def hand_down(layer, x, R, modify, epsilon):
    w, b = modify(layer.w), modify(layer.b)
    z = layer.forward(x, w) + b
    sign = np.sign(z) + (z == 0)
    bottom = z + epsilon * sign
    empty = bottom == 0
    bottom[empty] = 1
    s = np.where(empty, 0, R / bottom)
    return layer.backward(s, w) * x
""",
    # Masks for above and below.
    """
def hand_down(layer, x, R, modify, epsilon):
    new = modify(layer.w)
    z = layer.forward(x, new) + modify(layer.b)
    s = np.zeros(R.shape)
    up, down = (z >= 0) & (z + epsilon > 0), z < 0
    s[up] = R[up] / (z[up] + epsilon)
    s[down] = R[down] / (z[down] - epsilon)
    return np.multiply(x, layer.backward(s, new))
""",
    """
def hand_down(layer, x, R, modify, epsilon):
    rows = []
    for i in range(len(x)):                       # one instance at a time
        z = layer.forward(x[i:i + 1], modify(layer.w)) + modify(layer.b)
        with np.errstate(all="ignore"):
            s = R[i:i + 1] / (z + epsilon * (1.0 - 2.0 * (z < 0)))
        s[~np.isfinite(s)] = 0
        rows.append((x[i:i + 1] * layer.backward(s, modify(layer.w)))[0])
    return np.array(rows)
""",
    # The layer as a matrix, every share written out.
    """
def hand_down(layer, x, R, modify, epsilon):
    count = int(np.prod(x.shape[1:]))
    units = np.eye(count).reshape(count, *x.shape[1:])
    M = layer.forward(units, modify(layer.w)).reshape(count, -1)
    b = np.broadcast_to(modify(layer.b), R.shape[1:]).ravel()
    found = np.zeros((len(x), count))
    for i, (row, r) in enumerate(zip(x.reshape(len(x), -1), R.reshape(len(x), -1))):
        for k in range(len(b)):
            z = row @ M[:, k] + b[k]
            z += epsilon if z >= 0 else -epsilon
            if z != 0:
                found[i] += row * M[:, k] / z * r[k]
    return found.reshape(x.shape)
""",
    """
def hand_down(layer, x, R, modify, epsilon):
    import tensorflow as tf
    w = tf.convert_to_tensor(modify(layer.w))
    z = tf.convert_to_tensor(layer.forward(x, w.numpy()) + modify(layer.b))
    z += tf.cast(epsilon, z.dtype) * tf.where(z < 0, -tf.ones_like(z), tf.ones_like(z))
    s = tf.math.divide_no_nan(R, z)
    return tf.convert_to_tensor(x) * layer.backward(s.numpy(), w.numpy())
""",
    # In float64 throughout.
    """
def hand_down(layer, x, R, modify, epsilon):
    x, R, w, b = (np.asarray(v, np.float64) for v in (x, R, layer.w, layer.b))
    w, b = modify(w), modify(b)
    z = np.float64(layer.forward(x, w)) + b
    z += np.select([z >= 0, z < 0], [epsilon, -epsilon])
    s = np.zeros_like(z)
    np.divide(R, z, out=s, where=np.abs(z) > 0)
    return x * layer.backward(s, w)
""",
)

GAMMA_WEIGHTS = (
    "def gamma_weights(w, gamma):\n    return w + gamma * np.maximum(w, 0)",
    "gamma_weights = lambda w, gamma: np.where(w > 0, (1 + gamma) * w, w)",
    """
def gamma_weights(w, gamma):
    new = w.copy()
    new[new > 0] *= 1 + gamma
    return new
""",
    "def gamma_weights(w, gamma):\n    return w + gamma * (w + np.abs(w)) / 2",
    """
def gamma_weights(w, gamma):
    import tensorflow as tf
    return tf.constant(w) + gamma * tf.nn.relu(w)
""",
    "def gamma_weights(w, gamma):\n    return w * (1.0 + gamma * (w > 0))",
    """
def gamma_weights(w, gamma):
    flat = [v + gamma * max(v, 0) for v in w.ravel().tolist()]
    return np.reshape(flat, w.shape).tolist()
""",
    """
def gamma_weights(w, gamma):
    w_up, w_down = np.clip(w, 0, None), np.clip(w, None, 0)
    return np.add(w_up * np.float64(1 + gamma), w_down, dtype=np.float64)
""",
)
