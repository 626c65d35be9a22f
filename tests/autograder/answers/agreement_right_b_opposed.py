"""Correct answers to opposed, in many styles."""

OPPOSED = (
    # A unit for each pixel, each with a bias of its own.
    """
def opposed():
    x = np.array([3.0, 2.0, 1.0])
    return x, np.eye(3), np.array([-2.9, -1.5, -0.2]), np.ones(3)
""",
    # Lists of whole numbers and a picture of ones.
    """
def opposed():
    W = [[4, 0, 0], [0, 3, 0], [0, 0, 2]]
    return [1, 1, 1], W, [-3.75, -2.5, -0.25], [1, 1, 1]
""",
    # Negative attributions: what is lowered by the gradient is hardly lowered by DeepLIFT.
    """
def opposed():
    x = np.full(3, 2.0)
    v = -np.array([1.0, 2.0, 3.0])
    b = np.array([-0.1, -1.5, -1.9])
    return x, np.eye(3), b, v
""",
    # Single precision, negative pixels and weights.
    """
def opposed():
    f = np.float32
    x = np.array([-3, -2, -1], f)
    return x, -np.eye(3, dtype=f), np.array([-2.8, -1.4, -0.1], f), np.ones(3, f)
""",
    # A unit that is on at 0 and off at x: DeepLIFT sees it, the gradient does not.
    """
def opposed():
    W = np.array([[3, 2, -1], [-1, 1, 0], [-3, 3, 0]])
    return np.array([-1, -2, 2]), W, np.array([4.25, 4.25, 1.25]), np.array([2, -1, 3])
""",
    # Tensors.
    """
import tensorflow as tf

def opposed():
    x = tf.constant([3.0, 2.0, 1.0])
    return x, tf.eye(3), tf.constant([-2.9, -1.5, -0.2]), tf.ones(3)
""",
    # Drawn until one is found.
    """
def opposed():
    rng = np.random.default_rng(5)
    while True:
        x, b, v = rng.uniform(-4, 4, (3, 3))
        W = rng.uniform(-4, 4, (3, 3))
        z = W @ x + b
        if min(np.abs(z).min(), np.abs(b).min()) < 0.01:
            continue
        gradient = x * ((v * (z > 0)) @ W)
        m = (np.maximum(z, 0) - np.maximum(b, 0)) / (z - b)
        deeplift = x * ((v * m) @ W)
        order = np.argsort(gradient)
        if np.diff(gradient[order]).min() > 0.1 and np.diff(deeplift[order]).max() < -0.1:
            return [x, W, b, v]
""",
    # Biases worked out from what DeepLIFT should say.
    """
def opposed():
    wanted = np.array([0.2, 0.5, 0.8])
    x = np.array([3, 2, 1.0])
    return tuple([x, np.diag([1.0, 1, 1]), wanted - x, np.array([1, 1, 1])])
""",
)
