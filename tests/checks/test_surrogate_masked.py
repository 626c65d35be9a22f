from __future__ import annotations

import numpy as np
import tensorflow as tf
from gallery_tools import gallery

from hwkit.checks import surrogate_masked as module


def right(picture, segments, Z, fill):
    """Pixel by pixel."""
    found = np.zeros((len(Z), *picture.shape))
    for i, row, column in np.ndindex(len(Z), *segments.shape):
        shown = Z[i][segments[row, column]]
        found[i, row, column] = (picture if shown else fill)[row, column]
    return found


def pixels(picture, segments, Z, fill):
    shown = Z.reshape(len(Z), *segments.shape)
    return np.where(shown[..., None], picture, fill)


def one_superpixel(picture, segments, Z, fill):
    shown = segments == np.argmax(Z, axis=1)[:, None, None]
    return np.where(shown[..., None], picture, fill)


def hidden_before(picture, segments, Z, fill):
    """One copy for all coalitions."""
    copy, found = picture.copy(), []
    for z in Z:
        copy[z[segments] == 0] = fill[z[segments] == 0]
        found.append(copy.copy())
    return np.array(found)


def first_channel(picture, segments, Z, fill):
    found = right(picture, segments, Z, fill)
    found[..., 1:] = picture[..., 1:]
    return found


def turned(picture, segments, Z, fill):
    square = picture.shape[0] == picture.shape[1]
    return right(picture, segments.T if square else segments, Z, fill)


MISTAKES = {
    "swapped": lambda x, s, Z, f: right(f, s, Z, x),
    "all fill": lambda x, s, Z, f: np.where((~Z)[:, s][..., None], f, x),
    "labels": lambda x, s, Z, f: np.stack([np.where(np.isin(s, z)[..., None], x, f) for z in Z]),
    "pixels": lambda x, s, Z, f: (pixels if Z.shape[1] == s.size else right)(x, s, Z, f),
    "first for all": lambda x, s, Z, f: np.repeat(right(x, s, Z[:1], f), len(Z), axis=0),
    "last for all": lambda x, s, Z, f: np.repeat(right(x, s, Z[-1:], f), len(Z), axis=0),
    "hidden before": hidden_before,
    "one superpixel": one_superpixel,
    "off by one": lambda x, s, Z, f: right(x, s - 1, Z, f),
    "turned": turned,
    "fill number": lambda x, s, Z, f: right(x, s, Z, np.full(f.shape, f.mean())),
    "fill colour": lambda x, s, Z, f: right(x, s, Z, np.broadcast_to(f[0, 0], f.shape)),
    "own colour": lambda x, s, Z, f: right(x, s, Z, np.broadcast_to(x.mean((0, 1)), x.shape)),
    "zeros": lambda x, s, Z, f: right(x, s, Z, 0 * f),
    "first channel": first_channel,
    "added": lambda x, s, Z, f: Z[:, s][..., None] * x + f,
    "unchanged": lambda x, s, Z, f: np.repeat(x[None], len(Z), axis=0),
    "mask": lambda x, s, Z, f: Z[:, s][..., None] * np.ones_like(x),
}


def by_lookup(picture, segments, Z, fill):
    shown = np.asarray(Z, bool)[:, segments]
    return np.where(shown[..., np.newaxis], picture, fill)


def by_arithmetic(picture, segments, Z, fill):
    shown = np.float32(Z)[:, segments, None]
    return shown * picture + (1 - shown) * fill


def superpixel_by_superpixel(picture, segments, Z, fill):
    found = np.repeat(fill[None], len(Z), axis=0)
    for i, z in enumerate(Z):
        for k in np.unique(segments):
            if z[k]:
                found[i][segments == k] = picture[segments == k]
    return found


def by_labels(picture, segments, Z, fill):
    pictures = []
    for z in Z:
        copy = picture.copy()
        hidden = np.isin(segments, np.flatnonzero(z == 0))
        copy[hidden] = fill[hidden]
        pictures.append(copy)
    return pictures


def one_hot(picture, segments, Z, fill):
    places = np.eye(Z.shape[1])[segments]
    shown = np.einsum("hwk,nk->nhw", places, Z)[..., None]
    return fill + shown * (picture - fill)


def in_tensorflow(picture, segments, Z, fill):
    shown = tf.gather(tf.constant(Z) > 0 if Z.dtype != bool else Z, segments, axis=1)
    return tf.where(shown[..., None], picture, fill)


def with_take(picture, segments, Z, fill):
    shown = np.take(Z, segments.ravel(), axis=1).reshape(-1, *segments.shape, 1)
    return np.where(shown == 1, picture[None], fill[None]).astype("float32")


def in_place(picture, segments, Z, fill):
    found = []
    for z in Z:
        picture[~np.isin(segments, np.flatnonzero(z))] = 0
        found.append(picture.copy())
    return found


TestMasked = gallery(
    "masked",
    module,
    MISTAKES,
    [
        right,
        by_lookup,
        by_arithmetic,
        superpixel_by_superpixel,
        by_labels,
        one_hot,
        in_tensorflow,
        with_take,
    ],
    [
        (in_place, "has been changed"),
        (pixels, module.SENTENCES["pixels"]),
        (lambda x, s, Z, f: by_lookup(x, s, Z, f)[0], "shape (2, 2, 1), expected (1, 2, 2, 1)"),
        (lambda x, s, Z, f: np.moveaxis(by_lookup(x, s, Z, f), 3, 1), "shape (1, 1, 2, 2)"),
        (lambda x, s, Z, f: Z[:, s], "shape (1, 2, 2)"),
        (lambda x, s, Z, f: np.where(Z[s], x, f), "IndexError"),
        (lambda x, s, Z, f: by_lookup(x, s, Z, f) + 0.1, "differs in"),
        (lambda x, s, Z, f: np.where(Z[:, s][..., None], x, np.nan), "NaN or infinity"),
        (lambda x, s, Z: x, "TypeError"),
        (lambda x, s, Z, f: "pictures", "received str"),
    ],
)
