"""What typical mistakes in ``get_attributions`` are called."""

from __future__ import annotations

from autograder.challenge import Mistake

_BY_HAND = "Work out one number by hand for resolution=1: a single gradient, at t = 1."
_NODES = "rule(self.rule, self.resolution).nodes are the t_i; use each of them once."
_MULTIPLY = "ignore_difference_term=False multiplies the influence by (z - b), once."
_PATH = "A point of the path is b + t (z - b): b at t = 0, z at t = 1."

MISTAKES: dict[str, Mistake] = {
    each.name: each
    for each in (
        Mistake(
            "left sum",
            "this is the left sum (t = 0, 1/m, ..., (m-1)/m), whatever the rule is.",
            _NODES,
        ),
        Mistake(
            "always the right sum",
            "self.rule is ignored: you always take the points i/m, i = 1..m.",
            _NODES,
        ),
        Mistake(
            "always the midpoint rule",
            "this is the midpoint rule, whatever self.rule is.",
            _NODES,
        ),
        Mistake(
            "always the trapezoid rule",
            "this is the trapezoid rule, whatever self.rule is.",
            _NODES,
        ),
        Mistake(
            "end point only",
            "the gradient is taken at the end of the path only, not averaged over it.",
            _NODES,
        ),
        Mistake(
            "baseline only",
            "the gradient is taken at the baseline only, not averaged over the path.",
            _NODES,
        ),
        Mistake(
            "middle only",
            "the gradient is taken in the middle of the path only, not averaged over it.",
            _NODES,
        ),
        Mistake(
            "resolution ignored",
            "self.resolution is ignored: you always take 50 points.",
            _NODES,
        ),
        Mistake(
            "linspace with both ends",
            "np.linspace(0, 1, m) is not what the rule asks for: it contains t = 0.",
            _NODES,
        ),
        Mistake(
            "one point too many",
            "your path has a point too many: t = 0 is not one of the rule's.",
            _NODES,
        ),
        Mistake(
            "weights missing",
            "the gradients are summed, but not weighted: the sum is too large by a factor.",
            "rule(self.rule, self.resolution).weights tell how much each gradient counts.",
        ),
        Mistake(
            "weighted twice",
            "the gradients are averaged twice: divided by m once too often.",
            "The weights already contain the division by m.",
        ),
        Mistake(
            "difference term forgotten",
            "the difference term is missing where it is asked for.",
            _MULTIPLY,
        ),
        Mistake(
            "difference term always there",
            "the difference term is applied although it is to be ignored.",
            _MULTIPLY,
        ),
        Mistake(
            "difference term the wrong way round",
            "ignore_difference_term is understood the wrong way round.",
            _MULTIPLY,
        ),
        Mistake("difference term twice", "the difference term is applied twice.", _MULTIPLY),
        Mistake(
            "difference term with z",
            "the difference term multiplies by z, not by the way from the baseline to z.",
            _MULTIPLY,
        ),
        Mistake(
            "difference term with its sign turned",
            "the difference term has its sign turned: it is z - b.",
            _MULTIPLY,
        ),
        Mistake(
            "difference term with the baseline",
            "the difference term multiplies by the baseline, not by the way from it to z.",
            _MULTIPLY,
        ),
        Mistake("sign turned", "every attribution has its sign turned.", _BY_HAND),
        Mistake(
            "baseline ignored",
            "the baseline is ignored: your path starts at zeros whatever is given.",
            "Only baseline=None stands for zeros.",
        ),
        Mistake(
            "baseline in the difference only",
            "the path starts at zeros; the baseline only enters the difference term.",
            _PATH,
        ),
        Mistake(
            "start of the path missing",
            "your points are t (z - b): the baseline that they start from is missing.",
            _PATH,
        ),
        Mistake("path past z", "your points are b + t z: at t = 1 they are not at z.", _PATH),
        Mistake("path runs backwards", "your path runs backwards: from z to the baseline.", _PATH),
        Mistake("path away from z", "the step of your path has its sign turned.", _PATH),
        Mistake(
            "baseline of the input",
            "the default baseline is zeros AT THE SLICE; yours is the slice of an input of zeros.",
            "np.zeros_like(self.activations(instance)) has the right shape.",
        ),
        Mistake("absolute value", "an absolute value is taken: influence has a sign.", _BY_HAND),
        Mistake(
            "negative cut off", "negative influence is cut off: influence has a sign.", _BY_HAND
        ),
        Mistake(
            "mean over instances",
            "the instances are averaged: every instance has attributions of its own.",
            "Several instances come in as (n, ...), and as many attributions go out.",
        ),
        Mistake(
            "one instance for all",
            "every instance gets the attributions of the first.",
            "Several instances come in as (n, ...), and as many attributions go out.",
        ),
        Mistake(
            "batch axis",
            "the batch axis is wrong: one instance (*slice) gives (*slice), several (n, ...) "
            "give (n, *slice).",
            "np.zeros_like(z) has the shape of what came in.",
        ),
    )
}
