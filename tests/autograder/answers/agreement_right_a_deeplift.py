"""Correct answers to deeplift, in many styles."""

DEEPLIFT = (
    # Both on their way up in one loop.
    """
def multiplier(x, r, f, slope):
    same = np.abs(x - r) < 1e-6
    return np.where(same, slope(x), (f(x) - f(r)) / np.where(same, 1, x - r))

def deeplift(layers, x, r, c):
    r = np.broadcast_to(r, x.shape)
    a, b, received = x, r, []
    for layer in layers:
        z, reference = (layer.forward(each, layer.w) + layer.b for each in (a, b))
        received.append((z, reference))
        a, b = relu(z), relu(reference)
    m = np.zeros_like(z)
    m[:, c] = 1
    for k in reversed(range(len(layers))):
        if k < len(layers) - 1:
            m = m * multiplier(*received[k], relu, relu_slope)
        m = layers[k].backward(m, layers[k].w)
    return m * (x - r)
""",
    # Without a multiplier of its own: what went up, divided; one reference broadcasts by itself.
    """
def deeplift(layers, x, r, c):
    def climb(a):
        found = []
        for layer in layers:
            found.append(layer.forward(a, layer.w) + layer.b)
            a = np.maximum(found[-1], 0)
        return found
    up, base = climb(x), climb(r)
    m = np.tile(np.arange(up[-1].shape[1]) == c, (len(x), 1)).astype(x.dtype)
    m = layers[-1].backward(m, layers[-1].w)
    for layer, z, s in list(zip(layers, up, base))[-2::-1]:
        gap = z - s
        near = abs(gap) < 1e-6
        change = np.maximum(z, 0) - np.maximum(s, 0)
        m = m * np.where(near, z > 0, change / np.where(near, 1, gap))
        m = layer.backward(m, layer.w)
    return (x - r) * m
""",
    # Down by a function that calls itself.
    """
def multiplier(x, r, f, slope):
    far = np.abs(x - r) >= 1e-6
    return np.divide(f(x) - f(r), x - r, out=slope(x), where=far)

def of_inputs(layers, x, r, c):
    first, *others = layers
    z, s = (first.forward(each, first.w) + first.b for each in (x, r))
    if not others:
        return first.backward(np.eye(z.shape[1])[np.full(len(z), c)], first.w)
    above = of_inputs(others, relu(z), relu(s), c)
    return first.backward(above * multiplier(z, s, relu, relu_slope), first.w)

def deeplift(layers, x, r, c):
    r = np.repeat(r, len(x), axis=0) if len(r) == 1 else r
    return (x - r) * of_inputs(layers, x, r, c)
""",
    # One instance at a time, in double precision; a list comes out.
    """
def multiplier(x, r, f, slope):
    with np.errstate(all="ignore"):
        return np.where(np.abs(x - r) < 1e-6, slope(x), (f(x) - f(r)) / (x - r))

def deeplift(layers, x, r, c):
    found = []
    for i in range(len(x)):
        a = np.stack([x[i], r[i % len(r)]]).astype(np.float64)
        pairs = []
        for layer in layers:
            z = layer.forward(a, layer.w) + layer.b
            pairs.append(z)
            a = np.maximum(z, 0)
        m = np.zeros((1, z.shape[1]))
        m[0, c] = 1
        for k in range(len(layers))[::-1]:
            m = layers[k].backward(m, layers[k].w)
            if k:
                z, s = pairs[k - 1][:1], pairs[k - 1][1:]
                m = m * multiplier(z, s, lambda v: v.clip(0), lambda v: np.heaviside(v, 0))
        found.append(((x[i] - r[i % len(r)]) * m[0]).tolist())
    return found
""",
    # Pictures and references go up as one batch.
    """
def multiplier(x, r, f, slope):
    near = np.abs(x - r) < 1e-6
    out = np.where(near, slope(x), 0.0)
    out[~near] = (f(x) - f(r))[~near] / (x - r)[~near]
    return out

def deeplift(layers, x, r, c):
    n = len(x)
    a = np.concatenate([x, r + np.zeros_like(x)])
    keep = []
    for k, layer in enumerate(layers):
        z = layer.forward(a, layer.w) + layer.b
        keep.append((z[:n], z[n:]))
        a = np.where(z > 0, z, 0)
    m = (np.arange(z.shape[1]) == c) + np.zeros((n, 1))
    for layer, (z, s) in zip(layers[:0:-1], keep[-2::-1]):
        m = layer.backward(m, layer.w) * multiplier(z, s, relu, relu_slope)
    return layers[0].backward(m, layers[0].w) * (x - r)
""",
    # The layers' matrices written out.
    """
def deeplift(layers, x, r, c):
    matrices, biases = [], []
    for layer in layers:
        count = int(np.prod(layer.shape))
        units = np.eye(count).reshape(count, *layer.shape)
        rows = layer.forward(units, layer.w)
        matrices.append(rows.reshape(count, -1))
        biases.append(np.broadcast_to(layer.b, rows.shape[1:]).ravel())
    u, v = x.reshape(len(x), -1), r.reshape(len(r), -1)
    v = v + 0 * u
    difference, ratios = u - v, []
    for W, b in zip(matrices, biases):
        z, s = u @ W + b, v @ W + b
        u, v = np.maximum(z, 0), np.maximum(s, 0)
        ratios.append(np.where(z == s, z > 0, (u - v) / np.where(z == s, 1, z - s)))
    m = np.ones((len(x), 1)) * matrices[-1][:, c]
    for W, ratio in zip(matrices[-2::-1], ratios[-2::-1]):
        m = (m * ratio) @ W.T
    return (difference * m).reshape(x.shape)
""",
    # Tensors: a ReLU whose gradient is its multiplier.
    """
import tensorflow as tf

def deeplift(layers, x, r, c):
    r = tf.broadcast_to(tf.constant(r), x.shape)
    inputs = tf.constant(x)
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        a, b = inputs, r
        for k, layer in enumerate(layers):
            z, s = (layer._map(each, tf.constant(layer.w)) + layer.b for each in (a, b))
            if k < len(layers) - 1:
                near = tf.abs(z - s) < 1e-6
                ratio = (tf.nn.relu(z) - tf.nn.relu(s)) / tf.where(near, tf.ones_like(z), z - s)
                ratio = tf.where(near, tf.cast(z > 0, z.dtype), ratio)
                a, b = z * tf.stop_gradient(ratio), tf.nn.relu(s)
                a = a + tf.stop_gradient(tf.nn.relu(z) - a)
        score = tf.reduce_sum(z[:, c])
    return (inputs - r) * tape.gradient(score, inputs)
""",
)
