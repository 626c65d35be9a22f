from __future__ import annotations

import math
from decimal import Decimal, localcontext

import keras
import numpy as np
import tensorflow as tf
from gallery_tools import gallery
from scipy import special

from hwkit.checks import surrogate_sampling as module


def deviations(rho):
    """With so many digits that nothing is lost."""
    found = np.zeros(np.shape(rho))
    with localcontext() as context:
        context.prec = 400
        for place, value in np.ndenumerate(rho):
            found[place] = float((1 + Decimal(float(value)).exp()).ln())
    return found


def right(mean, rho, noise):
    return mean + deviations(rho) * noise


MISTAKES = {
    "no mean": lambda m, r, e: right(0, r, e),
    "only mean": lambda m, r, e: m + 0 * e,
    "plain": lambda m, r, e: m + r * e,
    "exponential": lambda m, r, e: m + np.exp(r) * e,
    "half": lambda m, r, e: m + np.exp(r / 2) * e,
    "sigmoid": lambda m, r, e: m + special.expit(r) * e,
    "rho turned": lambda m, r, e: right(m, -r, e),
    "cut at 0": lambda m, r, e: m + np.maximum(r, 0) * e,
    "variance": lambda m, r, e: m + np.sqrt(deviations(r)) * e,
    "squared": lambda m, r, e: m + deviations(r) ** 2 * e,
    "other base": lambda m, r, e: m + deviations(r) / np.log(10) * e,
    "no noise": lambda m, r, e: m + deviations(r) + 0 * e,
    "mean multiplied": lambda m, r, e: (m + deviations(r)) * e,
    "swapped": lambda m, r, e: right(r, m, e),
    "first sample": lambda m, r, e: right(m, r, e if e.ndim == m.ndim else 0 * e + e[:1]),
    "lost": lambda m, r, e: m + np.where(r < -20, 0, deviations(r)) * e,
    "rounded": lambda m, r, e: m + np.log(1 + np.exp(np.float64(r))) * e,
}


def by_numpy(mean, rho, noise):
    return mean + np.logaddexp(0, rho) * noise


def in_two_pieces(mean, rho, noise):
    return mean + (np.maximum(rho, 0) + np.log1p(np.exp(-np.abs(rho)))) * noise


def with_where(mean, rho, noise):
    wide = np.float64(rho)
    return mean + noise * np.where(wide > 40, wide, np.log1p(np.exp(np.minimum(wide, 40))))


def by_keras(mean, rho, noise):
    return keras.ops.add(mean, keras.ops.softplus(rho) * noise)


def by_tensorflow(mean, rho, noise):
    return (mean + tf.math.softplus(tf.constant(rho)) * noise).numpy()


def by_scipy(mean, rho, noise):
    return mean - special.log_expit(-rho) * noise


def by_sums_of_exponentials(mean, rho, noise):
    return mean + special.logsumexp([rho, np.zeros_like(rho)], axis=0) * noise


def number_by_number(mean, rho, noise):
    found = np.zeros(noise.shape)
    for place in np.ndindex(noise.shape):
        own = place[noise.ndim - mean.ndim :]
        r = float(rho[own])
        deviation = r + math.log1p(math.exp(-r)) if r > 0 else math.log1p(math.exp(r))
        found[place] = mean[own] + deviation * noise[place]
    return found.tolist()


def without_care(mean, rho, noise):
    return mean + np.log(1 + np.exp(rho)) * noise


def in_place(mean, rho, noise):
    noise *= np.logaddexp(0, rho)
    return mean + noise


TestSampleWeights = gallery(
    "sample_weights",
    module,
    MISTAKES,
    [
        right,
        by_numpy,
        in_two_pieces,
        with_where,
        by_keras,
        by_tensorflow,
        by_scipy,
        by_sums_of_exponentials,
        number_by_number,
    ],
    [
        (without_care, "NaN or infinity"),
        (lambda m, r, e: m + np.where(r < -20, np.exp(r) / 2, np.logaddexp(0, r)) * e, "differs"),
        (lambda m, r, e: m + np.log(1 + np.exp(np.minimum(r, 80))) * e, "differs in 2 of 2"),
        (in_place, "has been changed"),
        (lambda m, r, e: by_numpy(m, r, e).sum(), "shape (), expected (3,)"),
        (lambda m, r, e: by_numpy(m, r, np.full_like(m, 0.3)), "differs in"),
        (lambda m, r, e: by_numpy(m, r, e)[0], "shape ()"),
        (lambda m, r, e: by_numpy(m, r, e[0]), "differs in 2 of 3"),
        (lambda m, r, e: m - np.logaddexp(0, r) * e, "differs in"),
        (lambda m, r, e: (m, np.logaddexp(0, r)), "shape (2, 3), expected (3,)"),
        (lambda m, r, e: m + math.log(1 + math.exp(r)) * e, "TypeError"),
        (lambda m, r: m, "TypeError"),
        (lambda m, r, e: "weights", "received str"),
    ],
)
