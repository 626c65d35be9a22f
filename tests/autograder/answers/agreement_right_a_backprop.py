"""Correct answers to guided_backprop, in many styles."""

GUIDED_BACKPROP = (
    # A list of what each layer makes, and back through it.
    """
def guided_relu(signal, x):
    return np.where((signal > 0) & (x > 0), signal, 0)

def guided_backprop(layers, x, c):
    a, received = x, []
    for layer in layers:
        z = layer.forward(a, layer.w) + layer.b
        received.append(z)
        a = np.maximum(z, 0)
    signal = np.zeros_like(z)
    signal[:, c] = 1
    for k in reversed(range(len(layers))):
        if k < len(layers) - 1:
            signal = guided_relu(signal, received[k])
        signal = layers[k].backward(signal, layers[k].w)
    return signal
""",
    # Down by a function that calls itself.
    """
def guided_relu(signal, x):
    return np.maximum(signal, 0) * (x > 0)

def guided_backprop(layers, x, c):
    first, *others = layers
    z = first.forward(x, first.w) + first.b
    if others:
        above = guided_relu(guided_backprop(others, np.maximum(z, 0), c), z)
    else:
        above = np.eye(z.shape[1])[[c] * len(z)]
    return first.backward(above, first.w)
""",
    # One instance at a time; a list comes out.
    """
def guided_relu(signal, x):
    return signal * (signal > 0) * (x > 0)

def guided_backprop(layers, x, c):
    found = []
    for one in x:
        a, zs = one[np.newaxis], []
        for layer in layers[:-1]:
            zs.append(layer.forward(a, layer.w) + layer.b)
            a = zs[-1].clip(min=0)
        outputs = layers[-1].b.shape[0]
        s = np.array([[float(k == c) for k in range(outputs)]])
        s = layers[-1].backward(s, layers[-1].w)
        for layer, z in zip(layers[-2::-1], zs[::-1]):
            s = layer.backward(guided_relu(s, z), layer.w)
        found.append(s[0].tolist())
    return found
""",
    # What is behind a ReLU is positive where it was open; double precision.
    """
def guided_relu(signal, x):
    return np.where(np.logical_and(signal > 0, x > 0), signal, 0.0)

def guided_backprop(layers, x, c):
    a = [np.asarray(x, np.float64)]
    for i, layer in enumerate(layers):
        z = layer.forward(a[-1], layer.w.astype(np.float64)) + layer.b
        a.append(z if i == len(layers) - 1 else np.where(z > 0, z, 0))
    s = (np.arange(a[-1].shape[1]) == c) * np.ones((len(x), 1))
    for i in range(len(layers) - 1, 0, -1):
        s = guided_relu(layers[i].backward(s, layers[i].w), a[i])
    return layers[0].backward(s, layers[0].w)
""",
    # Gates as masks, without a function of its own; the layer's matrix written out.
    """
def guided_backprop(layers, x, c):
    a, masks, matrices = x, [], []
    for layer in layers:
        count = int(np.prod(layer.shape))
        units = np.eye(count).reshape(count, *layer.shape)
        matrices.append(layer.forward(units, layer.w).reshape(count, -1))
        z = layer.forward(a, layer.w) + layer.b
        masks.append((z > 0).reshape(len(z), -1))
        a = np.maximum(0, z)
    s = matrices[-1][:, c] + np.zeros((len(x), 1))
    for matrix, mask in list(zip(matrices, masks))[-2::-1]:
        s = np.maximum(s, 0) * mask @ matrix.T
    return s.reshape(x.shape)
""",
    # A gradient of TensorFlow with a ReLU of its own.
    """
import tensorflow as tf

@tf.custom_gradient
def guided(z):
    return tf.nn.relu(z), lambda s: tf.nn.relu(s) * tf.cast(z > 0, s.dtype)

def guided_backprop(layers, x, c):
    inputs = tf.constant(x)
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        a = inputs
        for k, layer in enumerate(layers):
            z = layer._map(a, tf.constant(layer.w)) + layer.b
            a = guided(z) if k < len(layers) - 1 else z
        score = tf.reduce_sum(a[:, c])
    return tape.gradient(score, inputs)
""",
    # A stack that is emptied on the way down.
    """
def guided_relu(signal, x):
    open_ = x > 0
    out = np.zeros(np.shape(signal))
    out[open_] = np.clip(signal[open_], 0, None)
    return out

def guided_backprop(layers, x, c):
    def up(layer, a):
        return layer.forward(a, layer.w) + layer.b
    below, stack = x, []
    for layer in layers[:-1]:
        stack.append((layer, up(layer, below)))
        below = np.maximum(stack[-1][1], 0)
    scores = up(layers[-1], below)
    signal = np.zeros(scores.shape, np.float32)
    signal[np.arange(len(x)), c] = 1
    signal = layers[-1].backward(signal, layers[-1].w)
    while stack:
        layer, z = stack.pop()
        signal = layer.backward(guided_relu(signal, z), layer.w)
    return signal
""",
)
