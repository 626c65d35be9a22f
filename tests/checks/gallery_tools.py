"""The tests that every check of a table of right and wrong numbers has."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import pytest
from galleries import assert_fails, assert_passes, verdict
from written import assert_written, computed

Solution = Callable[..., Any]


def unfinished(*arguments: Any, **options: Any) -> Any:
    raise NotImplementedError


def gallery(
    question: str,
    module: Any,
    mistakes: Mapping[str, Solution],
    solutions: Sequence[Solution],
    wrong: Iterable[tuple[Solution, str]],
    *,
    undefined: bool = False,
) -> type:
    """A class of tests of one question.

    Args:
        question: its name.
        module: of its check, with EXAMPLES or examples(), TABLE and SENTENCES.
        mistakes: wrong solutions, by the names of the table's lines.
        solutions: right ones, written differently; the first is what the table is compared with.
        wrong: other wrong solutions, and what they are told.
        undefined: whether right numbers may be NaN.
    """

    class Gallery:
        @pytest.mark.filterwarnings("ignore::RuntimeWarning")
        def test_the_numbers_are_what_their_names_say(self):
            examples = module.examples() if hasattr(module, "examples") else module.EXAMPLES
            found = computed(examples, solutions[0], mistakes, undefined=undefined)
            assert_written(module, found)

        @pytest.mark.parametrize("solution", solutions)
        @pytest.mark.filterwarnings("ignore::RuntimeWarning")
        def test_right_solutions_pass(self, solution):
            assert_passes(question, solution)

        @pytest.mark.parametrize("name", mistakes)
        @pytest.mark.filterwarnings("ignore::RuntimeWarning")
        def test_typical_mistakes_are_named(self, name):
            assert_fails(question, mistakes[name], module.SENTENCES[name])

        @pytest.mark.parametrize(("solution", "words"), wrong)
        @pytest.mark.filterwarnings("ignore::RuntimeWarning")
        def test_other_wrong_solutions_are_told_why(self, solution, words):
            assert_fails(question, solution, words)

        @pytest.mark.parametrize(
            "blank", [unfinished, lambda *given: None, lambda *given: ..., None, ...]
        )
        def test_an_empty_blank_is_not_attempted(self, blank):
            assert "not attempted yet" in verdict(question, blank)

    return Gallery
