"""Correct answers to the hunt among explainers of digits, in many styles."""

CLASS_HUNT = (
    # Verdicts written down after a look at the table.
    """
def class_evidence_on(explain):
    here, there = explain(net, x, c), explain(net, x, rival)
    rho, p = spearmanr(np.abs(here).flatten(), np.abs(there).flatten())
    return {"conservation error": float(np.abs(here.sum() - gain) / np.abs(gain)),
            "similarity between classes": float(rho)}

def my_class_verdicts():
    return {"A": "sound", "B": "does not conserve", "C": "blind to the class"}
""",
    # A table as evidence; verdicts by order, not by limits.
    """
def class_evidence_on(explain):
    import pandas as pd
    here, there = (explain(model=net, instance=x, c=k) for k in (c, rival))
    sizes = pd.DataFrame({"a": np.abs(here).ravel(), "b": np.abs(there).ravel()})
    return pd.Series({"conservation error": abs(1 - here.sum() / gain),
                      "similarity between classes": sizes.corr("spearman").loc["a", "b"]})

def my_class_verdicts():
    by_similarity = sorted(evidence, key=lambda n: evidence[n]["similarity between classes"])
    blind, rest = by_similarity[-1], by_similarity[:2]
    rest.sort(key=lambda n: evidence[n]["conservation error"])
    return {blind: "blind to the class", rest[0]: "sound", rest[1]: "does not conserve"}
""",
    # The classes written as numbers; the gain worked out anew.
    """
def class_evidence_on(explain):
    three, eight = explain(net, x, 3), explain(net, x, np.int64(8))
    blank = np.full_like(x, -1)
    page, empty = net.predict(np.stack([x, blank]), verbose=0)[:, 3]
    rise = page - empty
    similar = spearmanr(np.abs(three), np.abs(eight), axis=None).correlation
    return {"conservation error": np.float32(abs(np.sum(three) - rise) / abs(rise)),
            "similarity between classes": np.array(similar)}

def my_class_verdicts():
    found = {}
    for name in "ABC":
        error, similarity = evidence[name].values()
        if similarity > 0.7:
            found[name] = "blind to the class"
        elif error < 0.05:
            found[name] = "sound"
        else:
            found[name] = "does not conserve"
    return found
""",
    # Ranks by hand; names in any case.
    """
def ranks(values):
    from scipy.stats import rankdata
    return rankdata(np.abs(values))

def class_evidence_on(explain):
    import tensorflow as tf
    here, there = explain(net, x, c), explain(net, x, rival)
    error = tf.abs(tf.reduce_sum(here) - gain) / abs(gain)
    return dict([("conservation error", error),
                 ("similarity between classes", np.corrcoef(ranks(here), ranks(there))[0, 1])])

def my_class_verdicts():
    import pandas as pd
    return pd.Series({"C": "Blind to the class", "B": "does_not_conserve", "A": "sound"})
""",
    # In double precision, with another entry.
    """
def class_evidence_on(explain):
    pair = np.stack([explain(net, x, k).astype(float).ravel() for k in (c, rival)], axis=1)
    return {"similarity between classes": spearmanr(np.abs(pair)).statistic,
            "conservation error": abs(gain - pair[:, 0].sum()) / abs(gain), "note": 1}

def my_class_verdicts():
    assert set(evidence) == {"A", "B", "C"}
    return {n: ("blind to the class" if e["similarity between classes"] > 0.99
                else "sound" if e["conservation error"] < 0.01 else "does not conserve")
            for n, e in evidence.items()}
""",
    # Ranks of squares are those of sizes; verdicts from a data frame.
    """
def class_evidence_on(explain):
    maps = {k: explain(net, x, k)[..., 0] for k in (c, rival)}
    missing = maps[c].sum() - gain
    return {"conservation error": (missing ** 2) ** 0.5 / abs(gain),
            "similarity between classes": spearmanr(maps[c].ravel() ** 2,
                                                    maps[rival].ravel() ** 2)[0]}

def my_class_verdicts():
    import pandas as pd
    table = pd.DataFrame(evidence).T
    return table.apply(lambda row: "blind to the class" if row.iloc[1] > 0.9 else
                       ("does not conserve" if row.iloc[0] > 0.1 else "sound"), axis=1).to_dict()
""",
    # Evidence of a form of one's own, as pairs under other names, that only its maker can read.
    """
def class_evidence_on(explain):
    here, there = explain(net, x, c), explain(net, x, rival)
    class Numbers(dict):
        error = abs(here.sum() - gain) / abs(gain)
        similarity = spearmanr(abs(here).ravel(), abs(there).ravel()).statistic
    return Numbers({"conservation error": Numbers.error,
                    "similarity between classes": Numbers.similarity})

def my_class_verdicts():
    return {n: "blind to the class" if e.similarity > 0.9 else
               "sound" if e.error < 0.1 else "does not conserve" for n, e in evidence.items()}
""",
)
