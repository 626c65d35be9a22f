"""Correct answers to the other questions, in many styles."""

TOP_NEURONS_OF_INSTANCE = (
    """
def top_neurons_of_instance(attribution, k):
    return attribution.max((0, 1)).argsort()[::-1][:k]
""",
    """
def top_neurons_of_instance(attribution, k):
    from hwkit.ranking import top_neurons
    return top_neurons(attribution, k)
""",
    """
def top_neurons_of_instance(attribution, k):
    peaks = [(float(attribution[:, :, c].max()), c) for c in range(attribution.shape[2])]
    return [c for peak, c in sorted(peaks, reverse=True)[:k]]
""",
    """
def top_neurons_of_instance(attribution, k):
    import tensorflow as tf
    return tf.math.top_k(tf.reduce_max(attribution, axis=(0, 1)), k).indices
""",
    """
def top_neurons_of_instance(attribution, k):
    strength = attribution.reshape(-1, attribution.shape[-1]).max(axis=0)
    best = np.argpartition(strength, -k)[-k:]
    return best[np.argsort(strength[best])][::-1]
""",
    """
def top_neurons_of_instance(attribution, k):
    import pandas as pd
    peaks = pd.Series(np.amax(np.moveaxis(attribution, -1, 0), axis=(1, 2)))
    return peaks.nlargest(k).index
""",
    """
def top_neurons_of_instance(attribution, k):
    strength, found = list(attribution.max(0).max(0)), []
    for _ in range(k):
        best = int(np.argmax(strength))
        found.append(best)
        strength[best] = -float("inf")
    return tuple(found)
""",
)

TOP_NEURONS_OF_CLASS = (
    """
def top_neurons_of_class(attributions, k):
    return np.argsort(attributions.max(axis=(1, 2)).sum(axis=0))[::-1][:k]
""",
    """
def top_neurons_of_class(attributions, k):
    from hwkit.ranking import top_neurons
    return top_neurons(attributions, k).tolist()
""",
    """
def top_neurons_of_class(attributions, k):
    total = np.zeros(attributions.shape[-1])
    for attribution in attributions:
        for c in range(attribution.shape[-1]):
            total[c] += attribution[..., c].max() / len(attributions)
    return sorted(range(len(total)), key=lambda c: -total[c])[:k]
""",
    """
def top_neurons_of_class(attributions, k):
    import tensorflow as tf
    strength = tf.reduce_mean(tf.reduce_max(attributions, axis=[1, 2]), axis=0)
    return tf.argsort(strength, direction="DESCENDING")[:k].numpy()
""",
    """
def top_neurons_of_class(attributions, k):
    n, h, w, c = attributions.shape
    strength = np.mean([a.reshape(h * w, c).max(0) for a in attributions.astype(np.float64)], 0)
    order = np.argsort(strength)
    return [np.int64(order[-1 - i]) for i in range(k)]
""",
    """
def top_neurons_of_class(attributions, k):
    import pandas as pd
    table = pd.DataFrame(attributions.max(axis=(1, 2)))
    return table.mean().sort_values(ascending=False).head(k).index.to_numpy()
""",
)

MOST_INFLUENTIAL = (
    """
def most_influential(question, instances):
    found = question.explain(instances, ignore_difference_term=False).attribution
    return found.max(axis=(1, 2)).mean(axis=0).argmax()
""",
    """
def most_influential(question, instances):
    maps = [question.explain(one, False).attribution for one in instances]
    return int(top_neurons_of_class(np.stack(maps), k=1)[0])
""",
    """
def most_influential(question, instances):
    return top_neurons_of_class(attributions=question.explain(instances, False, None).attribution,
                                k=3)[0]
""",
    """
def most_influential(question, instances):
    total = 0
    for data in question.explain(instances, False):
        total = total + data.attribution.max(axis=(0, 1))
    return np.argmax(total).item()
""",
    """
def most_influential(question, instances):
    attribution = question.method.get_attributions(instances, ignore_difference_term=False)
    import tensorflow as tf
    return tf.argmax(tf.reduce_mean(tf.reduce_max(attribution, [1, 2]), 0))
""",
    """
def most_influential(question, instances):
    from hwkit.ranking import class_influence
    influence = class_influence(question.explain(instances, False, 0.0).attribution)
    return max(range(len(influence)), key=influence.__getitem__)
""",
)

PROJECT = (
    """
def project(explanation, layer, neuron, instance, focus=None):
    ask = explanation.for_input().channel(layer, neuron, focus=focus)
    return ask.explain(instance, False, blurred(instance[np.newaxis])[0])
""",
    """
def project(explanation, layer, neuron, instance, focus=None):
    return explanation.for_input().channel(layer, neuron, focus).explain(
        instance, ignore_difference_term=False, baseline=blurred)
""",
    """
def project(explanation, layer, neuron, instance, focus=None):
    from hwkit import quantities
    quantity = quantities.channel(layer, neuron, focus)
    question = explanation.for_input().for_quantity(quantity)
    return question.explain(instance, False, baseline=blurred(np.array([instance])))
""",
    """
def project(explanation, layer, neuron, instance, focus=None):
    import tensorflow as tf
    from hwkit.quantities import FunctionQuantity
    weights = 1.0 if focus is None else tf.constant(focus, tf.float32)
    def activation(output):
        return tf.reduce_sum(output[..., neuron] * weights, axis=(1, 2))
    question = explanation.for_input().for_quantity(FunctionQuantity(activation, layer))
    return question.explain(instance, False, blurred(instance[None])[0])
""",
    """
def project(explanation, layer, neuron, instance, focus=None):
    several = explanation.for_input().channel(layer, neuron, focus).explain(
        instance[None], ignore_difference_term=False, baseline=blurred(instance[None]))
    return several[0]
""",
    """
def project(explanation, layer, neuron, instance, focus=None):
    from dataclasses import replace
    start = blurred(instance[None])[0]
    influence = explanation.for_input().channel(layer, neuron, focus).explain(instance, True, start)
    return replace(influence, attribution=influence.attribution * (instance - start))
""",
    """
def project(explanation, layer, neuron, instance, focus=None):
    from skimage.filters import gaussian
    start = gaussian(instance, sigma=len(instance) / 8, channel_axis=-1, mode="nearest",
                     preserve_range=True)
    ask = explanation.for_input().channel(layer, np.int64(neuron), focus)
    return ask.explain(instance.astype(np.float64), ignore_difference_term=False, baseline=start)
""",
)

COMPRESS = (
    """
def compress(activations, influence, top, bottom):
    order = np.argsort(influence)
    out = np.zeros_like(activations)
    for channel in list(order[len(order) - top:]) + list(order[:bottom]):
        out[..., channel] = activations[..., channel]
    return out
""",
    """
def compress(activations, influence, top, bottom):
    from hwkit.compression import keep_influential
    return keep_influential(activations, influence, top, bottom)
""",
    """
def compress(activations, influence, top, bottom):
    rank = np.argsort(np.argsort(-influence))
    keep = (rank < top) | (rank >= len(influence) - bottom)
    return np.where(keep, activations, 0)
""",
    """
def compress(activations, influence, top, bottom):
    import tensorflow as tf
    n = len(influence)
    best = tf.math.top_k(influence, n).indices.numpy().tolist()
    kept = best[:top] + best[n - bottom:]
    mask = tf.reduce_sum(tf.one_hot(kept, n), axis=0) if kept else tf.zeros(n)
    return activations * tf.minimum(mask, 1.0)
""",
    """
def compress(activations, influence, top, bottom):
    copy = activations.astype(np.float64)
    dropped = sorted(range(len(influence)), key=lambda c: influence[c])[bottom:len(influence) - top]
    copy[:, :, :, dropped] = 0
    return copy
""",
    """
def compress(activations, influence, top, bottom):
    order = np.argsort(-influence)
    keep = set(order[:top]) | set(order[len(order) - bottom:])
    mask = np.array([c in keep for c in range(len(influence))])
    return np.einsum("nhwc,c->nhwc", activations, mask.astype(np.float32)).tolist()
""",
)

RECALL = (
    "def recall(predicted, labels, c):\n    return (predicted[labels == c] == c).mean()",
    """
def recall(predicted, labels, c):
    hits = sum(1 for p, l in zip(predicted, labels) if p == c and l == c)
    return hits / sum(l == c for l in labels)
""",
    """
def recall(predicted, labels, c):
    from sklearn.metrics import recall_score
    return recall_score(labels == c, predicted == c)
""",
    """
def recall(predicted, labels, c):
    import tensorflow as tf
    hit = tf.cast((predicted == c) & (labels == c), tf.float32)
    return tf.reduce_sum(hit) / tf.reduce_sum(tf.cast(labels == c, tf.float32))
""",
    """
def recall(predicted, labels, c):
    return np.float32(np.count_nonzero((predicted == c) * (labels == c)) / (labels == c).sum())
""",
    """
def recall(predicted, labels, c):
    from sklearn.metrics import confusion_matrix
    table = confusion_matrix(labels, predicted, labels=range(max(labels.max(), c) + 1))
    return np.array(table[c, c] / table[c].sum())
""",
)

HUNT = (
    """
def evidence_on(explain):
    c = world.index("starfish")
    here, there = explain(world.model, x, c), explain(other, x, c)
    rho, p = spearmanr(np.abs(here).flatten(), np.abs(there).flatten())
    return {"completeness error": float(np.abs(here.sum() - gain) / np.abs(gain)),
            "similarity after randomising": float(rho)}

def my_verdicts():
    return {"A": "ignores the network", "B": "sound", "C": "incomplete"}
""",
    """
def evidence_on(explain):
    import pandas as pd
    here, there = (explain(model=m, instance=x, c=0) for m in (world.model, other))
    sizes = pd.DataFrame({"a": np.abs(here).ravel(), "b": np.abs(there).ravel()})
    return pd.Series({"completeness error": abs(1 - here.sum() / gain),
                      "similarity after randomising": sizes.corr("spearman").loc["a", "b"]})

def my_verdicts():
    by_similarity = sorted(evidence, key=lambda n: evidence[n]["similarity after randomising"])
    ignoring, rest = by_similarity[-1], by_similarity[:2]
    rest.sort(key=lambda n: evidence[n]["completeness error"])
    return {ignoring: "ignores the network", rest[0]: "sound", rest[1]: "incomplete"}
""",
    """
def evidence_on(explain):
    from hwkit.visualization import pixel_influence
    here, there = explain(world.model, x, 0), explain(other, x, 0)
    similar = spearmanr(np.abs(here).sum(-1).ravel(), np.abs(there).sum(-1).ravel()).correlation
    return {"completeness error": np.float32(abs(np.sum(here) - gain) / abs(gain)),
            "similarity after randomising": np.array(similar)}

def my_verdicts():
    found = {}
    for name in "ABC":
        error, similarity = evidence[name].values()
        if similarity > 0.7:
            found[name] = "ignores the network"
        elif error < 0.05:
            found[name] = "sound"
        else:
            found[name] = "incomplete"
    return found
""",
    """
def ranks(values):
    from scipy.stats import rankdata
    return rankdata(np.abs(values))

def evidence_on(explain):
    import tensorflow as tf
    here, there = explain(world.model, x, 0), explain(other, x, 0)
    error = tf.abs(tf.reduce_sum(here) - gain) / abs(gain)
    return dict([("completeness error", error),
                 ("similarity after randomising", np.corrcoef(ranks(here), ranks(there))[0, 1])])

def my_verdicts():
    import pandas as pd
    return pd.Series({"C": "incomplete", "A": "Ignores the network", "B": "sound"})
""",
    """
def evidence_on(explain):
    first, second = explain(world.model, x, 0).astype(float), explain(other, x, 0).astype(float)
    pair = np.abs(np.stack([first.ravel(), second.ravel()], axis=1))
    return {"similarity after randomising": spearmanr(pair).statistic,
            "completeness error": abs(gain - first.sum()) / abs(gain), "note": 1}

def my_verdicts():
    assert set(evidence) == {"A", "B", "C"}
    return {n: ("ignores the network" if e["similarity after randomising"] > 0.99
                else "sound" if e["completeness error"] < 0.01 else "incomplete")
            for n, e in evidence.items()}
""",
    """
def evidence_on(explain):
    maps = [explain(m, x, world.index("starfish")) for m in (world.model, other)]
    def rank(a):
        return spearmanr(np.abs(maps[0]), np.abs(maps[1]), axis=None)[0]
    missing = maps[0].sum() - gain
    return {"completeness error": (missing ** 2) ** 0.5 / abs(gain),
            "similarity after randomising": rank(maps)}

def my_verdicts():
    import pandas as pd
    table = pd.DataFrame(evidence).T
    return table.apply(lambda row: "ignores the network" if row.iloc[1] > 0.9 else
                       ("incomplete" if row.iloc[0] > 0.1 else "sound"), axis=1).to_dict()
""",
)
