"""Answers between markers become stubs; what is left is Python that does the rest."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

import hwkit
from autograder.stubs import regions, stubbed

SOURCE = textwrap.dedent(
    '''
    """Module."""

    ### BEGIN SOLUTION influence
    SECRET = 17


    def helper(x):
        return x + SECRET


    ### END SOLUTION
    def given(x):
        return 2 * x


    class Kept:
        """Class."""

        ### BEGIN SOLUTION influence
        def secret_method(self):
            return helper(1)

        ### END SOLUTION
        def asked(self, x):
            """Docstring."""
            if x < 0:
                raise ValueError("negative")
            ### BEGIN SOLUTION influence: recall
            for _ in range(3):
                x = helper(x)
            return x
            ### END SOLUTION


    def later():
        ### BEGIN SOLUTION lrp
        return "later"
        ### END SOLUTION
    '''
)


def load(source: str) -> dict:
    names: dict = {}
    exec(source, names)
    return names


def test_functions_keep_what_stands_before_and_raise():
    kept = load(stubbed(SOURCE, "x.py", ["influence", "lrp"]))["Kept"]()
    assert kept.asked.__doc__ == "Docstring."
    with pytest.raises(ValueError, match="negative"):
        kept.asked(-1)
    with pytest.raises(NotImplementedError, match=r"'Recall' of notebooks/influence/influence\.i"):
        kept.asked(1)


def test_whole_functions_methods_and_tables_vanish():
    names = load(stubbed(SOURCE, "x.py", ["influence"]))
    assert "SECRET" not in names
    assert "helper" not in names
    assert not hasattr(names["Kept"], "secret_method")
    assert names["given"](4) == 8


def test_other_assignments_keep_their_code_but_not_their_markers():
    left = stubbed(SOURCE, "x.py", ["influence"])
    assert load(left)["later"]() == "later"
    assert "SOLUTION" not in left
    with pytest.raises(NotImplementedError, match=r"notebooks/lrp/lrp\.ipynb"):
        load(stubbed(SOURCE, "x.py", ["lrp"]))["later"]()


def test_a_file_without_answers_stays_byte_for_byte():
    source = "x = 1\n\n\n\n\n\ny = 2"
    assert stubbed(source, "x.py", ["influence"]) == source


def test_a_string_that_is_no_marker_is_left_alone():
    source = 'x = "BEGIN SOLUTION"\n'
    assert stubbed(source, "x.py", ["influence"]) == source


@pytest.mark.parametrize(
    "source",
    [
        "### BEGIN SOLUTION influence\nx = 1\n",
        "x = 1\n### END SOLUTION\n",
        "### BEGIN SOLUTION\nx = 1\n### END SOLUTION\n",
        "### BEGIN SOLUTION a\n### BEGIN SOLUTION b\n### END SOLUTION\n### END SOLUTION\n",
        "x = 1  ### BEGIN SOLUTION influence\n### END SOLUTION\n",
        "### BEGIN SOLUTION influence recall\n### END SOLUTION\n",
    ],
)
def test_markers_that_do_not_pair_name_the_file(source: str):
    with pytest.raises(ValueError, match=r"x\.py"):
        stubbed(source, "x.py", ["influence"])


def test_a_region_that_leaves_no_python_is_refused():
    source = "def f():\n    ### BEGIN SOLUTION a\n    return 1\n    ### END SOLUTION\n"
    assert "raise" in stubbed(source, "x.py", ["a"])
    broken = "class A:\n    ### BEGIN SOLUTION a\n    x = 1\n    ### END SOLUTION\n"
    with pytest.raises(ValueError, match=r"x\.py to be valid Python"):
        stubbed(broken, "x.py", ["a"])


def test_every_question_that_a_marker_of_the_package_names_exists():
    from hwkit.checks import questions

    package = Path(hwkit.__file__).parent
    named = {
        region.question
        for file in package.rglob("*.py")
        for region in regions(file.read_text(encoding="utf-8"), file.name)
    }
    assert {"get_attributions", "absolute", "comparative", "compress", "recall"} <= named
    assert named - {""} <= set(questions())
