from __future__ import annotations

import numpy as np
import pytest

from hwkit.checks.toy_net import TOY


def test_the_hidden_units_are_what_the_docstring_says():
    z = [-3 - 6, -6 + 4 + 5, 6 - 2]
    np.testing.assert_array_equal(TOY.x @ TOY.V + TOY.c, z)
    assert [unit > 0 for unit in z] == [False, True, True]
    # Without its bias the second unit would be off.
    assert (TOY.x @ TOY.V)[1] < 0


def test_the_score_by_hand():
    assert TOY.score(TOY.x) == 3 * 3 - 4
    np.testing.assert_array_equal(TOY.score(np.array([[3.0, 2.0], [0.0, 0.0]])), [5, 15])


@pytest.mark.parametrize("name", ["x", "V", "c", "u"])
def test_a_cell_cannot_change_the_net(name):
    with pytest.raises(ValueError, match="read-only"):
        getattr(TOY, name)[0] = 7
