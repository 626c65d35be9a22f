"""The check of ``reveal_cancel(r, plus, minus, f)``: two players share a gain."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from hwkit.checks.agreement_activations import relu, sigmoid, softplus
from hwkit.checks.comparing import judge
from hwkit.checks.table_parts import PartsExample, cases_of_parts
from hwkit.checks.tables import NOT_FINITE, fixed

PLUS, MINUS = "share of plus", "share of minus"
TABLE = """
tanh: share of plus
    right         | 1.06443 0.213135 0.151944
    swapped       | -0.602313 -1.48343 -0.451421
    rescale       | 1.38635 0.423433 0.149738
    first         | 1.22371 0.213135 0.0866895
    second        | 0.905148 0.213135 0.217198
    plus first    | 1.22371 0.213135 0.0866895
    minus first   | 0.905148 0.213135 0.217198
    f of r        | 0.833371 0.530709 0.532741
    from zero     | 1.06443 0.260498 0.208975
    alone         | 0.905148 0.462117 0.244919
    multipliers   | 0.70962 0.426269 0.607776
    half          | 0.231059 -0.635149 -0.149738
    summed        | 2.12886 0.426269 0.303888
    size of minus | 0.862811 0.109136 0.0546708
tanh: share of minus
    right         | -0.602313 -1.48343 -0.451421
    swapped       | 1.06443 0.213135 0.151944
    rescale       | -0.924234 -1.69373 -0.449215
    first         | -0.443031 -1.48343 -0.516675
    second        | -0.761594 -1.48343 -0.386166
    plus first    | -0.761594 -1.48343 -0.386166
    minus first   | -0.443031 -1.48343 -0.516675
    f of r        | -0.833371 -1.16586 -0.0706239
    from zero     | -0.602313 -1.16565 -0.671092
    alone         | -0.761594 -0.964028 -0.635149
    multipliers   | 0.602313 0.741716 0.601895
    half          | 0.231059 -0.635149 -0.149738
    summed        | -1.20463 -2.96687 -0.902842
    same          | 1.06443 0.213135 0.151944
    turned minus  | 0.602313 1.48343 0.451421
    size of minus | 0.563334 0.252712 0.147763
    rest only     | -1.06443 -0.848284 0.310173
a sigmoid: share of plus
    right         | 0.195115 0.611856 0.0748692 0.378302
    swapped       | -0.440034 -0.149738 -0.623502 -0.0885254
    rescale       | 0.244919 0.693176 0.109727 0.386368
    first         | 0.195115 0.611856 0.0865159 0.342474
    second        | 0.195115 0.611856 0.0632226 0.414129
    plus first    | 0.195115 0.611856 0.0865159 0.342474
    minus first   | 0.195115 0.611856 0.0632226 0.414129
    f of r        | 0.506345 0.746326 0.440399 0.65939
    from zero     | 0.190399 0.532215 0.0754458 0.410415
    alone         | 0.231059 0.452574 0.122459 0.380797
    multipliers   | 0.195115 0.203952 0.149738 0.189151
    half          | -0.122459 0.231059 -0.274317 0.144888
    summed        | 0.39023 1.22371 0.149738 0.756603
    size of minus | 0.120831 0.532215 0.0467576 0.301604
a sigmoid: share of minus
    right         | -0.440034 -0.149738 -0.623502 -0.0885254
    swapped       | 0.195115 0.611856 0.0748692 0.378302
    rescale       | -0.489837 -0.231059 -0.65836 -0.0965921
    first         | -0.440034 -0.149738 -0.611856 -0.124353
    second        | -0.440034 -0.149738 -0.635149 -0.0526977
    plus first    | -0.440034 -0.149738 -0.635149 -0.0526977
    minus first   | -0.440034 -0.149738 -0.611856 -0.124353
    f of r        | -0.128804 -0.0152678 -0.257973 0.192563
    from zero     | -0.421457 -0.151418 -0.499588 -0.092841
    alone         | -0.380797 -0.231059 -0.452574 -0.122459
    multipliers   | 0.220017 0.149738 0.207834 0.177051
    half          | -0.122459 0.231059 -0.274317 0.144888
    summed        | -0.880068 -0.299477 -1.247 -0.177051
    same          | 0.195115 0.611856 0.0748692 0.378302
    turned minus  | 0.440034 0.149738 0.623502 0.0885254
    size of minus | 0.227398 0.151418 0.211197 0.0761325
    rest only     | 0.182426 0.119203 0.107556 0.473651
a ReLU: share of plus
    right         | 1.75 1.5 0 2
    swapped       | -1.25 -0.5 0 -2.5
    rescale       | 2 1.5 0 1
    first         | 2 2 0 4
    second        | 1.5 1 0 0
    plus first    | 2 2 0 4
    minus first   | 1.5 1 0 0
    f of r        | 2.25 1.5 0 2.25
    from zero     | 1.25 2.5 1.25 2
    alone         | 2 3 1.5 4
    multipliers   | 0.875 0.5 0 0.5
    half          | 0.25 0.5 0 -0.25
    summed        | 3.5 3 0 4
    size of minus | 2 2.5 0 4
a ReLU: share of minus
    right         | -1.25 -0.5 0 -2.5
    swapped       | 1.75 1.5 0 2
    rescale       | -1.5 -0.5 0 -1.5
    first         | -1 0 0 -0.5
    second        | -1.5 -1 0 -4.5
    plus first    | -1.5 -1 0 -4.5
    minus first   | -1 0 0 -0.5
    f of r        | -0.75 -0.5 0 -2.25
    from zero     | -0.75 -0.5 -0.25 -2
    alone         | 0 0 0 0
    multipliers   | 0.833333 0.5 0 0.416667
    half          | 0.25 0.5 0 -0.25
    summed        | -2.5 -1 0 -5
    same          | 1.75 1.5 0 2
    turned minus  | 1.25 0.5 0 2.5
    size of minus | 1.5 0.5 0 6
    rest only     | -0.25 -0.5 0 -2
softplus, some changes are 0: share of plus
    right         | 0 1 2.33024
    swapped       | -1 0 -0.72543
    rescale       | 0 1 2.40722
    first         | 0 1 2.55567
    second        | 0 1 2.10481
    plus first    | 0 1 2.55567
    minus first   | 0 1 2.10481
    f of r        | 0.656631 1.15663 2.81728
    from zero     | 0 1.43378 2.08455
    alone         | 0 1.43378 2.35544
    multipliers   | 0 0.5 0.776748
    half          | -0.5 0.5 0.802406
    summed        | 0 2 4.66049
    size of minus | 0 1 2.68265
softplus, some changes are 0: share of minus
    right         | -1 0 -0.72543
    swapped       | 0 1 2.33024
    rescale       | -1 0 -0.802406
    first         | -1 0 -0.5
    second        | -1 0 -0.950861
    plus first    | -1 0 -0.950861
    minus first   | -1 0 -0.5
    f of r        | -0.343369 0.156631 -0.238392
    from zero     | -0.566219 0 -0.650772
    alone         | -0.566219 0 -0.379885
    multipliers   | 0.5 0 0.72543
    half          | -0.5 0.5 0.802406
    summed        | -2 0 -1.45086
    same          | 0 1 2.33024
    turned minus  | 1 0 0.72543
    size of minus | 1.73533 0 0.854317
    rest only     | 0.313262 0.313262 0.248647
"""
SENTENCES = {
    "swapped": "the two shares are swapped: that of plus comes first.",
    "rescale": "this is the rescale rule: both get the same multiplier. What each adds counts.",
    "first": "this is what each adds when it comes first; it comes second as often.",
    "second": "this is what each adds when it comes second; it comes first as often.",
    "plus first": "plus always comes first here; both orders count alike.",
    "minus first": "minus always comes first here; both orders count alike.",
    "f of r": "f(r) is not subtracted.",
    "from zero": "the changes are added to 0; they are added to r.",
    "alone": "this is what each brings alone, from 0; the changes are added to r, in both orders.",
    "multipliers": "these are multipliers; the shares themselves are asked for.",
    "half": "each gets half of the whole change; what each adds counts.",
    "summed": "the two orders are added up; their mean is asked for.",
    "same": "minus gets the share of plus; it has a share of its own.",
    "turned minus": "the sign of the share of minus is turned.",
    "size of minus": "minus is taken away; it is negative already, so add it.",
    "rest only": "the share of minus is what f gives at the end less the share of plus; f(r) "
    "belongs to neither.",
}
_HINTS = {
    NOT_FINITE: "Nothing needs to be divided but by 2.",
    "": "Two players, two orders: first plus and then minus, and the other way round.",
}


def _example(label: str, r: Any, plus: Any, minus: Any, f: Callable[..., Any]) -> PartsExample:
    shape = np.shape(r)
    arrays = (fixed(each, float) for each in (r, plus, minus))
    return PartsExample(label, (*arrays, f), {PLUS: shape, MINUS: shape})


EXAMPLES = (
    _example("tanh", [-0.5, 0.75, 1], [1.5, 0.5, 0.25], [-1, -2, -0.75], np.tanh),
    _example(
        "a sigmoid", [[0.5, -1], [1, 0.25]], [[1, 3], [0.5, 2]], [[-2, -1], [-3, -0.5]], sigmoid
    ),
    _example("a ReLU", [1, -1, -2, 0.5], [2, 3, 1.5, 4], [-1.5, -1, -0.5, -6], relu),
    _example("softplus, some changes are 0", [1, -1, 0.5], [0, 2, 3], [-2, 0, -1], softplus),
)


def check_reveal_cancel(reveal_cancel: Callable[..., Any]) -> None:
    """Judge the shares of several activations.

    Raises:
        NotAttemptedError: the blank is empty. WrongAnswerError: other shares.
    """
    judge(cases_of_parts(reveal_cancel, EXAMPLES, TABLE, SENTENCES), _HINTS, "the share")
