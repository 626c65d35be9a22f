"""What typical mistakes in ``hand_down`` are called."""

from __future__ import annotations

from autograder.challenge import Mistake

_STEPS = "Compare your four lines with the four steps."
_SAME = "The same modified weights are used on the way forward and on the way back."
_EPSILON = "np.where(z >= 0, 1, -1) is the sign that is asked for."
_ZERO = "np.divide(R, z, out=np.zeros_like(z), where=z != 0) divides where it can."

MISTAKES: dict[str, Mistake] = {
    each.name: each
    for each in (
        Mistake(
            "bias forgotten", "the bias is missing in z.", "layer.forward leaves the bias out."
        ),
        Mistake(
            "bias not modified",
            "the bias is not modified; modify is applied to layer.w and to layer.b.",
        ),
        Mistake("bias modified twice", "the bias is modified twice.", _STEPS),
        Mistake(
            "weights not modified on the way forward",
            "z is computed with the layer's own weights, not with modified ones.",
            _SAME,
        ),
        Mistake(
            "weights not modified on the way back",
            "the way back uses the layer's own weights, not the modified ones.",
            _SAME,
        ),
        Mistake("weights not modified", "only the bias is modified, not the weights.", _SAME),
        Mistake("modify not used", "modify is not used: weights and bias stay as they are.", _SAME),
        Mistake("absolute denominators", "the sign of z is lost.", _EPSILON),
        Mistake("epsilon not used", "epsilon is not used.", _STEPS),
        Mistake(
            "epsilon always added",
            "epsilon is added whatever the sign of z is: negative z come closer to zero.",
            _EPSILON,
        ),
        Mistake(
            "epsilon subtracted",
            "epsilon brings z closer to zero; it is to keep z away from it.",
            _EPSILON,
        ),
        Mistake(
            "sign of zero is zero",
            "where z is 0 epsilon is left out; the sign of 0 counts as +1.",
            _EPSILON,
        ),
        Mistake(
            "sign of zero is minus",
            "where z is 0 epsilon is subtracted; the sign of 0 counts as +1.",
            _EPSILON,
        ),
        Mistake("epsilon times z", "epsilon is multiplied by z, not by its sign.", _EPSILON),
        Mistake(
            "outputs below zero left out",
            "outputs whose z is negative hand out nothing.",
            "This layer has no ReLU: only a denominator of exactly zero hands out nothing.",
        ),
        Mistake("not divided", "R is not divided by z.", _STEPS),
        Mistake("x forgotten", "the last step is missing: c is multiplied by x.", _STEPS),
        Mistake("x twice", "the result is multiplied by x twice.", _STEPS),
        Mistake("R not used", "the relevance of the outputs is not used.", _STEPS),
        Mistake("sign turned", "the sign is turned.", _STEPS),
        Mistake("absolute value", "an absolute value is taken: relevance has a sign."),
        Mistake(
            "first instance for all",
            "every instance gets the relevance of the first.",
            "The first axis numbers the instances; the layer handles them all at once.",
        ),
        Mistake(
            "bias handed to the inputs", "the bias's share is handed to the inputs; it is lost."
        ),
        Mistake(
            "epsilon handed to the inputs", "epsilon's share is handed to the inputs; it is lost."
        ),
        Mistake("divided by zero", "where z is zero the answer is NaN or infinity.", _ZERO),
        Mistake(
            "divided by zero, as its sign is zero",
            "where z is 0 the answer is NaN or infinity, also with an epsilon.",
            f"np.sign(0) is 0. {_EPSILON}",
        ),
        Mistake(
            "zeros hand out R",
            "outputs with a denominator of zero hand out relevance: they are divided by 1.",
            _ZERO,
        ),
    )
}
