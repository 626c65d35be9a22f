"""Differently written right answers to masked, weighting_kernel, weighted_ridge, exact_shapley,
shapley_kernel and dummy_player."""

MASKED = (
    """
def masked(picture, segments, Z, fill):
    shown = np.asarray(Z, bool)[:, segments]
    return np.where(shown[..., np.newaxis], picture, fill)
""",
    # A loop over coalitions and superpixels.
    """
def masked(picture, segments, Z, fill):
    pictures = []
    for z in Z:
        new = picture.copy()
        for k in range(len(z)):
            if not z[k]:
                new[segments == k] = fill[segments == k]
        pictures.append(new)
    return np.array(pictures)
""",
    # A sum of masks of floats.
    """
def masked(picture, segments, Z, fill):
    d = np.shape(Z)[1]
    one_hot = (segments[..., None] == np.arange(d)).astype(float)
    m = np.einsum("nk,hwk->nhw", np.asarray(Z, float), one_hot)[..., None]
    return m * picture + (1 - m) * fill
""",
    # Every pixel.
    """
def masked(picture, segments, Z, fill):
    n, (h, w, c) = len(Z), picture.shape
    out = np.empty((n, h, w, c), picture.dtype)
    for i in range(n):
        for y in range(h):
            for x in range(w):
                out[i, y, x] = picture[y, x] if Z[i, segments[y, x]] else fill[y, x]
    return out
""",
    # Starts with the fill; lists of labels.
    """
def masked(picture, segments, Z, fill):
    out = np.repeat(fill[None], len(Z), axis=0)
    for i, row in enumerate(Z):
        keep = np.isin(segments, np.flatnonzero(row))
        out[i][keep] = picture[keep]
    return out
""",
    """
def masked(picture, segments, Z, fill):
    import tensorflow as tf
    shown = tf.gather(tf.cast(Z, tf.bool), segments, axis=1)[..., tf.newaxis]
    return tf.where(shown, picture, fill)
""",
    # What changes, added.
    """
def masked(picture, segments, Z, fill):
    hidden = 1 - np.take(Z.astype(int), segments, axis=1)
    change = fill - picture
    return [picture + hidden[i][:, :, None] * change for i in range(len(Z))]
""",
    """
def masked(picture, segments, Z, fill):
    flat, other = picture.reshape(-1, picture.shape[-1]), fill.reshape(-1, picture.shape[-1])
    labels = segments.ravel()
    rows = [[a if z[k] else b for a, b, k in zip(flat, other, labels)] for z in Z]
    return np.reshape(rows, (len(Z), *picture.shape))
""",
)
