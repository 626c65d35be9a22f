"""Correct answers to guided_relu, in many styles."""

GUIDED_RELU = (
    # As the formula has it.
    """
def guided_relu(signal, x):
    return np.where((signal > 0) & (x > 0), signal, 0)
""",
    # The ReLU of the signal, through the gate.
    """
def guided_relu(signal, x):
    return np.maximum(signal, 0) * (x > 0)
""",
    # A gate that is open at zero: harmless, since nothing is exactly zero.
    """
def guided_relu(signal, x):
    return signal.clip(min=0) * (x >= 0)
""",
    # A copy, then zeros in two steps.
    """
def guided_relu(signal, x):
    out = signal.copy()
    out[x <= 0] = 0
    out[out < 0] = 0
    return out
""",
    # Both signs by their steps; double precision comes out.
    """
def guided_relu(signal, x):
    return np.asarray(signal, np.float64) * np.heaviside(signal, 0) * np.heaviside(x, 0)
""",
    # Tensors; the gradient of a ReLU.
    """
import tensorflow as tf

def guided_relu(signal, x):
    x = tf.constant(x)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = tf.nn.relu(x)
    return tape.gradient(y, x, output_gradients=tf.nn.relu(tf.constant(signal)))
""",
    # Number by number; nested lists come out.
    """
def guided_relu(signal, x):
    if np.ndim(signal):
        return [guided_relu(one, other) for one, other in zip(signal, x)]
    return float(signal) if signal > 0 and x > 0 else 0.0
""",
)
