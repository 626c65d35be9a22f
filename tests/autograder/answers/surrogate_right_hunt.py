"""Correct answers to the hunt among surrogates, in many styles."""

SURROGATE_HUNT = (
    # Verdicts written down after a look at the table.
    """
def surrogate_evidence_on(explain):
    here, there = explain(net, x, c, squares), explain(shuffled, x, c, squares)
    rho, p = spearmanr(np.abs(here), np.abs(there))
    return {"efficiency error": float(np.abs(here.sum() - gain) / np.abs(gain)),
            "similarity after shuffling": float(rho)}

def my_surrogate_verdicts():
    return {"A": "does not add up", "B": "blind to the network", "C": "sound"}
""",
    # Plain Python, one number after the other; limits read off the table.
    """
def surrogate_evidence_on(explain):
    here = explain(net, x, c, squares).tolist()
    there = list(explain(model=shuffled, instance=x, c=c, segments=squares))
    missing = sum(here) - gain
    return {"efficiency error": abs(missing / gain),
            "similarity after shuffling": spearmanr([abs(v) for v in here],
                                                    [abs(v) for v in there])[0]}

def my_surrogate_verdicts():
    found = {}
    for name in "ABC":
        error, similarity = evidence[name].values()
        if similarity > 0.5:
            found[name] = "blind to the network"
        elif error < 0.3:
            found[name] = "sound"
        else:
            found[name] = "does not add up"
    return found
""",
    # A table as evidence; verdicts by order, not by limits.
    """
def surrogate_evidence_on(explain):
    import pandas as pd
    sizes = pd.DataFrame({k: np.abs(explain(m, x, c, squares))
                          for k, m in (("net", net), ("shuffled", shuffled))})
    values = explain(net, x, c, squares)
    return pd.Series({"efficiency error": abs(1 - values.sum() / gain),
                      "similarity after shuffling": sizes.corr("spearman").iloc[0, 1]})

def my_surrogate_verdicts():
    by_similarity = sorted(evidence, key=lambda n: evidence[n]["similarity after shuffling"])
    blind, rest = by_similarity[-1], by_similarity[:2]
    rest.sort(key=lambda n: evidence[n]["efficiency error"])
    return {blind: "blind to the network", rest[0]: "sound", rest[1]: "does not add up"}
""",
    # The networks under names of one's own and loaded anew; the gain worked out anew.
    """
from hwkit import networks
from hwkit.evaluation import randomisation
trained = networks.load("digits-lenet")

def surrogate_evidence_on(explain):
    forgetful = randomisation.shuffled(trained, seed=0)
    a, b = explain(trained, x, 3, squares), explain(forgetful, x, np.int64(3), squares)
    grey, page = trained.predict(np.stack([0 * x, x]), verbose=0)[:, 3]
    rise = float(page) - float(grey)
    similar = spearmanr(np.abs(a), np.abs(b)).correlation
    return {"efficiency error": np.float32(abs(np.sum(a) - rise) / abs(rise)),
            "similarity after shuffling": np.array(similar)}

def my_surrogate_verdicts():
    import pandas as pd
    return pd.Series({"C": "Sound", "B": "blind_to_the_network", "A": "Does not add up"})
""",
    # Ranks by hand, in single precision.
    """
def ranks(values):
    from scipy.stats import rankdata
    return rankdata(np.abs(values))

def surrogate_evidence_on(explain):
    import tensorflow as tf
    here, there = (tf.constant(explain(m, x, c, squares), tf.float32) for m in (net, shuffled))
    error = tf.abs(tf.reduce_sum(here) - gain) / abs(gain)
    return dict([("efficiency error", error),
                 ("similarity after shuffling", np.corrcoef(ranks(here), ranks(there))[0, 1])])

def my_surrogate_verdicts():
    import pandas as pd
    table = pd.DataFrame(evidence).T
    return table.apply(lambda row: "blind to the network" if row.iloc[1] > 0.9 else
                       ("does not add up" if row.iloc[0] > 0.1 else "sound"), axis=1).to_dict()
""",
    # Ranks of squares are those of sizes; blocks numbered anew; another entry.
    """
def surrogate_evidence_on(explain):
    own = np.kron(np.arange(16).reshape(4, 4), np.ones((7, 7), int))
    pair = np.stack([explain(m, x, c, own) for m in (net, shuffled)], axis=1)
    return {"similarity after shuffling": spearmanr(pair ** 2).statistic,
            "efficiency error": ((gain - pair[:, 0].sum()) ** 2) ** 0.5 / abs(gain), "note": 1}

def my_surrogate_verdicts():
    assert set(evidence) == {"A", "B", "C"}
    return {n: ("blind to the network" if e["similarity after shuffling"] > 0.99
                else "sound" if e["efficiency error"] < 0.01 else "does not add up")
            for n, e in evidence.items()}
""",
    # Evidence of a form of one's own that only its maker can read.
    """
def surrogate_evidence_on(explain):
    here, there = explain(net, x, c, squares), explain(shuffled, x, c, squares)
    class Numbers(dict):
        error = abs(here.sum() - gain) / abs(gain)
        similarity = spearmanr(abs(here), abs(there)).statistic
    return Numbers({"efficiency error": Numbers.error,
                    "similarity after shuffling": Numbers.similarity})

def my_surrogate_verdicts():
    return {n: "blind to the network" if e.similarity > 0.9 else
               "sound" if e.error < 0.1 else "does not add up" for n, e in evidence.items()}
""",
)
