"""What the lime package says: runs in the peers' environment, without hwkit and TensorFlow.

    python peer_lime.py QUESTIONS.npz ANSWERS.npz

The questions file holds "job" (JSON as bytes: a list of questions, each with a "kind" and its
arguments) and the arrays NAME/ARRAY of each. Nothing is pickled.
"""

import json
import sys
import warnings
from functools import partial

import numpy as np
import sklearn.metrics
from lime.lime_base import LimeBase
from lime.lime_image import ImageExplanation, LimeImageExplainer


def kernel(distances, width):
    """The one that LimeImageExplainer makes; it cannot be had from there by itself."""
    return np.sqrt(np.exp(-(distances**2) / width**2))


def weights_of(explanation, players):
    """Weights by superpixel, NaN where it was not used."""
    weights = np.full(players, np.nan)
    for number, weight in explanation:
        weights[number] = weight
    return weights


def fit(arrays, seed, width, metric, num_features, selection):
    """A fit to given coalitions and answers: kernel weights, and what lime says of each label."""
    Z, answers = arrays["Z"], arrays["answers"]
    distances = sklearn.metrics.pairwise_distances(Z, Z[:1], metric=metric).ravel()
    base = LimeBase(partial(kernel, width=width), random_state=seed)
    found = [
        base.explain_instance_with_data(Z, answers, distances, label, num_features, selection)
        for label in range(answers.shape[1])
    ]
    return {
        "kernel": kernel(distances, width),
        "weights": np.stack([weights_of(each[1], Z.shape[1]) for each in found], axis=1),
        "intercept": np.array([each[0] for each in found]),
        "score": np.array([each[2] for each in found]),
        "prediction": np.array([each[3][0] for each in found]),
    }


def picture(arrays, seed, samples, hide_color, top_labels, num_features, selection, masks):
    """The whole explainer, on a picture whose superpixels are given; its network is two lines."""
    matrix, segments = arrays["matrix"], arrays["segments"]

    def network(pictures):
        scores = np.tanh(pictures.reshape(len(pictures), -1) @ matrix) * 3
        powers = np.exp(scores - scores.max(axis=1, keepdims=True))
        return powers / powers.sum(axis=1, keepdims=True)

    explainer = LimeImageExplainer(feature_selection=selection, random_state=seed)
    explanation = explainer.explain_instance(
        arrays["picture"],
        network,
        hide_color=hide_color,
        top_labels=top_labels,
        num_features=num_features,
        num_samples=samples,
        segmentation_fn=lambda given: segments,
        random_seed=0,
    )
    labels = [int(label) for label in explanation.top_labels]
    players = int(segments.max()) + 1
    answers = {
        "labels": np.array(labels),
        "weights": np.stack(
            [weights_of(explanation.local_exp[label], players) for label in labels], axis=1
        ),
        "intercept": np.array([explanation.intercept[label] for label in labels]),
    }
    return answers | shown(explanation, labels[0], masks)


def masks(arrays, masks):
    """Pictures and masks of given weights."""
    explanation = ImageExplanation(arrays["picture"], arrays["segments"])
    order = np.argsort(-np.abs(arrays["weights"]), kind="stable")
    explanation.local_exp[0] = [(number, arrays["weights"][number]) for number in order]
    return shown(explanation, 0, masks)


def shown(explanation, label, requests):
    answers = {}
    for number, arguments in enumerate(requests):
        shown, mask = explanation.get_image_and_mask(label, **arguments)
        answers |= {f"shown {number}": shown, f"mask {number}": mask}
    return answers


def main(questions, answers):
    warnings.filterwarnings("ignore", category=FutureWarning)
    with np.load(questions, allow_pickle=False) as file:
        arrays = dict(file)
    job = json.loads(arrays.pop("job").tobytes())
    kinds = {"fit": fit, "picture": picture, "masks": masks}
    found = {}
    for question in job:
        name, kind = question.pop("name"), question.pop("kind")
        own = {key.split("/")[1]: each for key, each in arrays.items() if key.split("/")[0] == name}
        for key, value in kinds[kind](own, **question).items():
            found[f"{name}/{key}"] = value
    np.savez(answers, **found)


if __name__ == "__main__":
    main(*sys.argv[1:])
