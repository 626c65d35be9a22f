from __future__ import annotations

import math

import numpy as np
import tensorflow as tf
from gallery_tools import gallery

from hwkit.checks import surrogate_keep_top as module


def right(pictures, maps, fraction, fill):
    """Place by place, in an order of pairs."""
    found = np.array(np.broadcast_to(fill, pictures.shape), float)
    count = math.floor(fraction * maps[0].size + 0.5)
    for i, each in enumerate(maps):
        places = sorted(np.ndindex(each.shape), key=lambda place, each=each: (-each[place], place))
        for place in places[:count]:
            found[i][place] = pictures[i][place]
    return found


def counted(count):
    """With another number of pixels for a fraction of the total."""
    return lambda x, m, p, f: right(x, m, count(p * m[0].size) / m[0].size, f)


def threshold(keep):
    def solution(x, m, p, f):
        count = int(p * m[0].size + 0.5)
        flat = np.sort(m.reshape(len(m), -1), axis=1)[:, ::-1]
        edges = flat[:, count - 1].reshape(-1, 1, 1)
        return np.where(keep(m, edges)[..., None], x, f)

    return solution


def removed(x, m, p, f):
    filled = np.broadcast_to(f, x.shape)
    return np.where(right(np.ones_like(x), m, p, 0) == 1, filled, x)


def one_order(x, m, p, f):
    count = int(p * m.size + 0.5)
    kept = np.zeros(m.size, bool)
    kept[np.argsort(-m.ravel(), kind="stable")[:count]] = True
    return np.where(kept.reshape(m.shape)[..., None], x, f)


def places_as_ranks(x, m, p, f):
    flat = -m.reshape(len(m), -1)
    kept = np.argsort(flat, axis=1, kind="stable") < int(p * flat.shape[1] + 0.5)
    return np.where(kept.reshape(*m.shape, 1), x, f)


def turned(x, m, p, f):
    return right(x, np.swapaxes(m, 1, 2) if m.shape[1] == m.shape[2] else m, p, f)


def ties_last(x, m, p, f):
    return right(x[:, ::-1, ::-1], m[:, ::-1, ::-1], p, flipped(f))[:, ::-1, ::-1]


def flipped(f):
    return f[:, ::-1, ::-1] if np.ndim(f) == 4 else f


def columns_first(x, m, p, f):
    fill = np.swapaxes(f, 1, 2) if np.ndim(f) == 4 else f
    return np.swapaxes(right(np.swapaxes(x, 1, 2), np.swapaxes(m, 1, 2), p, fill), 1, 2)


def channels_counted(x, m, p, f):
    return right(x, m, min(p * x.shape[-1], 1), f)


def times_map(x, m, p, f):
    kept = right(np.ones_like(x), m, p, 0) == 1
    return np.where(kept, x * m[..., None], f)


MISTAKES = {
    "lowest": lambda x, m, p, f: right(x, -m, p, f),
    "removed": removed,
    "share removed": lambda x, m, p, f: right(x, m, 1 - p, f),
    "places": places_as_ranks,
    "one order": one_order,
    "first map": lambda x, m, p, f: right(x, np.repeat(m[:1], len(m), axis=0), p, f),
    "ties stay": threshold(np.greater_equal),
    "ties go": threshold(np.greater),
    "ties last": ties_last,
    "columns first": columns_first,
    "rounded down": counted(math.floor),
    "rounded up": counted(math.ceil),
    "rounded to even": counted(round),
    "channels counted": channels_counted,
    "none means all": lambda x, m, p, f: right(x, m, p or 1, f),
    "absolute": lambda x, m, p, f: right(x, np.abs(m), p, f),
    "turned": turned,
    "zeros": lambda x, m, p, f: right(x, m, p, 0),
    "fill mean": lambda x, m, p, f: right(x, m, p, np.mean(f)),
    "first fill": lambda x, m, p, f: right(x, m, p, f[:1] if np.ndim(f) == 4 else f),
    "mask": lambda x, m, p, f: right(np.ones_like(x), m, p, 0),
    "times map": times_map,
    "unchanged": lambda x, m, p, f: x.copy(),
}


def by_argsort(pictures, maps, fraction, fill):
    n = len(pictures)
    order = np.argsort(-maps.reshape(n, -1), axis=1, kind="stable")
    kept = np.zeros(order.shape, bool)
    count = int(fraction * order.shape[1] + 0.5)
    np.put_along_axis(kept, order[:, :count], True, axis=1)
    return np.where(kept.reshape(maps.shape)[..., None], pictures, fill)


def by_ranks(pictures, maps, fraction, fill):
    flat = -maps.reshape(len(maps), -1)
    ranks = np.argsort(np.argsort(flat, axis=1, kind="stable"), axis=1)
    kept = ranks < int(fraction * flat.shape[1] + 0.5)
    kept = kept.reshape(*maps.shape, 1)
    return kept * pictures + ~kept * fill


def picture_by_picture(pictures, maps, fraction, fill):
    fills = np.broadcast_to(fill, pictures.shape)
    found = []
    for picture, each, other in zip(pictures, maps, fills, strict=True):
        flat, result = picture.reshape(-1, picture.shape[-1]), other.reshape(-1, other.shape[-1])
        result = result.copy()
        places = np.argsort(-each.ravel(), kind="stable")[: int(fraction * each.size + 0.5)]
        result[places] = flat[places]
        found.append(result.reshape(picture.shape))
    return found


def by_lexsort(pictures, maps, fraction, fill):
    found = np.zeros(pictures.shape) + fill
    for i, each in enumerate(maps):
        order = np.lexsort((np.arange(each.size), -each.ravel()))
        rows, columns = np.unravel_index(order, each.shape)
        count = int(np.floor(fraction * each.size + 0.5))
        found[i, rows[:count], columns[:count]] = pictures[i, rows[:count], columns[:count]]
    return found


def by_taking_the_highest(pictures, maps, fraction, fill):
    kept = np.zeros(maps.shape, bool)
    for mask, each in zip(kept, maps.astype(float), strict=True):
        for _ in range(int(fraction * each.size + 0.5)):
            place = np.unravel_index(np.argmax(each), each.shape)
            mask[place], each[place] = True, -np.inf
    return np.where(kept[..., None], pictures, fill)


def in_tensorflow(pictures, maps, fraction, fill):
    n, count = len(maps), int(fraction * maps[0].size + 0.5)
    places = tf.math.top_k(maps.reshape(n, -1), count).indices  # the first of equal ones
    kept = tf.reduce_sum(tf.one_hot(places, maps[0].size), axis=1)
    kept = tf.reshape(kept, (*maps.shape, 1)) > 0
    return tf.where(kept, pictures, np.float32(fill))


def by_counting_higher_ones(pictures, maps, fraction, fill):
    flat = maps.reshape(len(maps), -1)
    higher = (flat[:, None] > flat[:, :, None]).sum(axis=2)
    before = np.tril(flat[:, None] == flat[:, :, None], -1).sum(axis=2)
    kept = (higher + before < int(fraction * flat.shape[1] + 0.5)).reshape(*maps.shape, 1)
    return np.where(kept, pictures, fill).tolist()


def in_place(x, m, p, f):
    for picture, each in zip(x, m, strict=True):
        picture[each < np.quantile(each, 1 - p)] = 0
    return x


TestKeepTop = gallery(
    "keep_top",
    module,
    MISTAKES,
    [
        right,
        by_argsort,
        by_ranks,
        picture_by_picture,
        by_lexsort,
        by_taking_the_highest,
        in_tensorflow,
        by_counting_higher_ones,
    ],
    [
        (in_place, "has been changed"),
        (lambda x, m, p, f: right(x, m, p, f)[0], "shape (2, 3, 1), expected (1, 2, 3, 1)"),
        (lambda x, m, p, f: right(x, m, p, f)[..., 0], "shape (1, 2, 3)"),
        (lambda x, m, p, f: x[m > 0], "shape (4, 1)"),
        (lambda x, m, p, f: np.argsort(-m.reshape(len(m), -1)), "shape (1, 6)"),
        (lambda x, m, p, f: right(x, m, p, np.nan), "NaN or infinity"),
        (lambda x, m, p, f: right(x, m[..., ::-1], p, f), "differs in"),
        (lambda x, m, p, f: right(x, m, p, f) + 1, "differs in"),
        (lambda x, m, p, f: right(x, m, p, f[0]), "TypeError"),
        (lambda x, m, p: right(x, m, p, 0), "TypeError"),
        (lambda x, m, p, f: "pictures", "received str"),
    ],
)
