"""Correct answers to the hunt among methods that agree, in many styles."""

AGREEMENT_HUNT = (
    # Verdicts written down after a look at the table.
    """
def agreement_evidence_on(explain):
    here, there = explain(net, x, c), explain(control, x, c)
    errors = np.abs(here.sum(axis=(1, 2, 3)) - gain) / np.abs(gain)
    rhos = [spearmanr(a[mask], b[mask]).statistic for a, b, mask in zip(here, there, ink)]
    return {"completeness error": errors.mean(), "agreement with the control": np.mean(rhos)}

def my_agreement_verdicts():
    return {"A": "sound", "B": "blind to training", "C": "does not add up"}
""",
    # One picture after the other; limits read off the table.
    """
def agreement_evidence_on(explain):
    errors, rhos = [], []
    for picture, mask, g in zip(x, ink, gain):
        here, there = explain(net, picture, c), explain(control, picture, c)
        errors.append(abs(here.sum() - g) / abs(g))
        rho, p = spearmanr(here[..., 0][mask], there[..., 0][mask])
        rhos.append(rho)
    return {"completeness error": sum(errors) / len(errors),
            "agreement with the control": sum(rhos) / len(rhos)}

def my_agreement_verdicts():
    found = {}
    for name in "ABC":
        error, agreement = evidence[name].values()
        if agreement > 0.5:
            found[name] = "blind to training"
        else:
            found[name] = "sound" if error < 0.03 else "does not add up"
    return found
""",
    # The student's own rank correlation, of rows.
    """
def ranks(values):
    from scipy.stats import rankdata
    return rankdata(values)

def spearman(a, b):
    return np.array([np.corrcoef(ranks(p), ranks(q))[0, 1] for p, q in zip(a, b)])

def agreement_evidence_on(explain):
    maps = [explain(m, x, c)[..., 0] for m in (net, control)]
    rho = [spearman(*(each[i][ink[i]][None] for each in maps))[0] for i in range(len(x))]
    error = np.mean([abs(a.sum() / g - 1) for a, g in zip(maps[0], gain)])
    return {"agreement with the control": np.float32(np.mean(rho)),
            "completeness error": np.array(error)}

def my_agreement_verdicts():
    by_agreement = sorted(evidence, key=lambda n: evidence[n]["agreement with the control"])
    blind, rest = by_agreement[-1], by_agreement[:2]
    rest.sort(key=lambda n: evidence[n]["completeness error"])
    return {blind: "blind to training", rest[0]: "sound", rest[1]: "does not add up"}
""",
    # The networks loaded anew, under other names; gain and ink worked out anew.
    """
from hwkit import networks
taught, muddled = networks.load("zero-one"), networks.load("zero-one-control")

def agreement_evidence_on(explain):
    import pandas as pd
    scores = taught.predict(np.concatenate([x, 0 * x]), verbose=0)[:, 1].reshape(2, -1)
    rise = scores[0] - scores[1]
    table = pd.DataFrame({"sum": explain(taught, x, 1).reshape(len(x), -1).sum(1), "rise": rise})
    error = ((table["sum"] - table["rise"]) / table["rise"]).abs().mean()
    a, b = (explain(m, x, 1).reshape(len(x), -1) for m in (taught, muddled))
    black = x.reshape(len(x), -1) > 0
    rho = [pd.Series(p[k]).corr(pd.Series(q[k]), method="spearman") for p, q, k in zip(a, b, black)]
    return pd.Series({"completeness error": error, "agreement with the control": np.mean(rho)})

def my_agreement_verdicts():
    import pandas as pd
    return pd.Series({"C": "Does not add up", "A": "Sound", "B": "blind_to_training"})
""",
    # In single precision, with tensors; paper cut out by NaN.
    """
def agreement_evidence_on(explain):
    import tensorflow as tf
    here, there = (tf.constant(explain(m, x, c), tf.float32) for m in (net, control))
    missing = tf.reduce_sum(here, axis=[1, 2, 3]) - tf.constant(gain, tf.float32)
    rhos = []
    for i in range(8):
        a = np.where(ink[i], here[i, ..., 0], np.nan).ravel()
        b = np.where(ink[i], there[i, ..., 0], np.nan).ravel()
        rhos.append(spearmanr(a, b, nan_policy="omit").statistic)
    return dict([("completeness error", tf.reduce_mean(tf.abs(missing) / np.abs(gain))),
                 ("agreement with the control", np.mean(rhos))])

def my_agreement_verdicts():
    import pandas as pd
    table = pd.DataFrame(evidence).T
    return table.apply(lambda row: "blind to training" if row.iloc[1] > 0.9 else
                       ("does not add up" if row.iloc[0] > 0.1 else "sound"), axis=1).to_dict()
""",
    # Ranks of shares of the gain on the ink; another entry; a mean by weights.
    """
def agreement_evidence_on(explain):
    shares = np.stack([explain(m, x, c) for m in (net, control)])
    total = shares[0].reshape(8, 784) @ np.ones(784)
    error = np.average(np.sqrt(((total - gain) / gain) ** 2), weights=np.full(8, 2.0))
    rho = [spearmanr(np.stack([s[i][ink[i]].ravel() for s in shares], axis=1))[0] for i in range(8)]
    return {"agreement with the control": float(np.mean(rho)), "completeness error": float(error),
            "pictures": 8}

def my_agreement_verdicts():
    assert set(evidence) == {"A", "B", "C"}
    return {n: ("blind to training" if e["agreement with the control"] > 0.99
                else "sound" if e["completeness error"] < 0.01 else "does not add up")
            for n, e in evidence.items()}
""",
    # Evidence of a form of one's own that only its maker can read.
    """
def agreement_evidence_on(explain):
    here, there = explain(net, x, c), explain(control, x, c)
    class Numbers(dict):
        error = np.mean(abs(here.sum((1, 2, 3)) / gain - 1))
        alike = np.mean([spearmanr(here[i][ink[i]], there[i][ink[i]]).statistic for i in range(8)])
    return Numbers({"completeness error": Numbers.error,
                    "agreement with the control": Numbers.alike})

def my_agreement_verdicts():
    return {n: "blind to training" if e.alike > 0.9 else
               "sound" if e.error < 0.1 else "does not add up" for n, e in evidence.items()}
""",
)
