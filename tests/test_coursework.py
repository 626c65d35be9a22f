from __future__ import annotations

import os
import sys
import types

import numpy as np
import pandas as pd
import pytest

from hwkit import coursework
from hwkit.checks import questions, setting_up, verdict
from hwkit.checks.verdict import Verdict
from hwkit.result_cache import cache_folder


def run_cell(source, **names):
    """Runs source as a notebook runs a cell; its names afterwards."""
    scope = {"__name__": "__main__", "waiting": coursework.waiting, **names}
    exec(compile(source, "/tmp/ipykernel_1/1.py", "exec"), scope)
    return scope


# check


def test_an_unknown_question_lists_all():
    with pytest.raises(ValueError, match="get_attributions") as error:
        coursework.check("get_atributions", None)
    for name in questions():
        assert name in str(error.value)


def test_the_number_of_answers_is_checked():
    with pytest.raises(TypeError, match="verdicts, evidence"):
        coursework.check("hunt", {})


def test_every_question_has_a_title_of_its_own_and_says_so_when_empty(capsys):
    titles = [each.title for each in questions().values()]
    assert len(set(titles)) == len(titles)
    for name, each in questions().items():
        coursework.check(name, *[None] * len(each.answers))
        assert capsys.readouterr().out == f"[waiting] {each.title}: not attempted yet.\n"


def test_a_verdict_has_sign_words_and_colour_and_escapes_html():
    shown = Verdict("wrong", "Title", "1 < 2 & <b>", "look <here>").html()
    assert "✗" in shown and "#D55E00" in shown and 'role="status"' in shown
    assert "1 &lt; 2 &amp; &lt;b&gt;" in shown and "look &lt;here&gt;" in shown
    assert "✓" in Verdict("passed", "Title", "good").html()
    assert Verdict("passed", "T", "good").text() == "[passed] T: good"


def test_jupyter_gets_html_and_text(monkeypatch):
    seen = []
    monkeypatch.setattr(verdict, "in_notebook", lambda: True)
    monkeypatch.setattr("IPython.display.display", lambda data, raw: seen.append((data, raw)))
    Verdict("passed", "T", "good").show()
    ((data, raw),) = seen
    assert raw and set(data) == {"text/html", "text/plain"}


# waiting


def test_an_empty_blank_becomes_a_line_that_names_it(capsys):
    run_cell(
        "def path_point(b, z, t):\n    raise NotImplementedError()\n"
        "with waiting():\n    found = path_point(1, 2, 3)\n    print('never')"
    )
    out = capsys.readouterr().out
    assert out == "[waiting] This cell waits: for the blank 'A point of the path' (path_point).\n"


def test_a_method_that_is_empty_is_named(capsys):
    run_cell(
        "class MyAbsolute:\n  def absolute(self, c):\n    raise NotImplementedError\n"
        "def helper():\n  return [MyAbsolute().absolute(c) for c in (1, 2)]\n"
        "with waiting():\n    helper()"
    )
    assert "'Absolute quantity of interest'" in capsys.readouterr().out


def test_other_functions_that_are_empty_are_named(capsys):
    run_cell("def mine():\n    raise NotImplementedError\nwith waiting():\n    mine()")
    assert "for the blank mine." in capsys.readouterr().out
    run_cell("with waiting():\n    raise NotImplementedError")
    assert "for a blank above" in capsys.readouterr().out


def test_a_name_that_an_earlier_cell_makes_is_named(capsys):
    run_cell("with waiting():\n    print(influence.max())")
    assert "'influence', which an earlier cell makes" in capsys.readouterr().out
    run_cell("with waiting():\n    print([influence[i] for i in range(3)])")
    assert "'influence', which an earlier cell makes" in capsys.readouterr().out
    run_cell("def helper():\n    return MyAumannShapley()\nwith waiting():\n    helper()")
    assert "'Aumann-Shapley values' (MyAumannShapley)" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("source", "error"),
    [
        ("with waiting():\n    1 / 0", ZeroDivisionError),
        ("def slip():\n    return infleunce\nwith waiting():\n    slip()", NameError),
        ("def slip():\n    x += 1\nwith waiting():\n    slip()", UnboundLocalError),
        ("with waiting():\n    raise KeyboardInterrupt", KeyboardInterrupt),
        ("import keras\nwith waiting():\n    keras.layers.Layer().call(1)", NotImplementedError),
    ],
)
def test_everything_else_passes_through(source, error, capsys):
    with pytest.raises(error):
        run_cell(source)
    assert capsys.readouterr().out == ""


def test_a_complete_cell_runs_to_its_end(capsys):
    assert run_cell("with waiting():\n    found = 3")["found"] == 3
    assert capsys.readouterr().out == ""


# predictions


@pytest.fixture(autouse=True)
def _no_predictions():
    coursework.reset_predictions()
    yield
    coursework.reset_predictions()


def test_a_prediction_is_confronted_with_the_result(capsys):
    coursework.predict("share", 0.25)
    assert "will be 0.25" in capsys.readouterr().out
    coursework.confront("share", np.float32(0.5))
    out = capsys.readouterr().out
    assert "predicted 0.25, found 0.5" in out and "+0.25" in out
    table = coursework.predictions_table()
    assert table.to_dict("list") == {
        "name": ["share"],
        "predicted": [0.25],
        "found": [0.5],
        "difference": [0.25],
    }


@pytest.mark.parametrize("guess", [None, ...])
def test_no_guess_is_no_error(guess, capsys):
    coursework.predict("share", guess)
    assert "o prediction recorded" in capsys.readouterr().out
    coursework.confront("share", 0.5)
    assert "no prediction was recorded" in capsys.readouterr().out
    row = coursework.predictions_table().iloc[0]
    assert np.isnan(row.predicted) and row.found == 0.5 and np.isnan(row.difference)


@pytest.mark.parametrize(
    ("guess", "words"),
    [
        (1.5, "outside 0 to 1"),
        (-0.1, "outside"),
        ("half", "expected one number"),
        (True, "expected one number"),
        (float("nan"), "expected one number"),
        ([0.5], "expected one number"),
    ],
)
def test_an_impossible_guess_is_told_and_not_recorded(guess, words, capsys):
    coursework.predict("share", guess)
    assert words in capsys.readouterr().out
    assert np.isnan(coursework.predictions_table().predicted[0])


def test_a_guess_can_change_before_the_result_but_not_after(capsys):
    coursework.predict("angle", 20, high=90, unit="degrees")
    coursework.predict("angle", 30, high=90, unit="degrees")
    assert "30 degrees" in capsys.readouterr().out
    coursework.confront("angle", 45)
    coursework.predict("angle", 45, high=90, unit="degrees")
    assert "has been shown already" in capsys.readouterr().out
    assert coursework.predictions_table().predicted.tolist() == [30]


def test_a_guess_after_the_result_says_so(capsys):
    coursework.predict("share", None)
    coursework.confront("share", 0.5)
    coursework.predict("share", 0.5)
    assert "after the result was shown" in capsys.readouterr().out
    coursework.confront("share", 0.5)
    assert "made after the result" in capsys.readouterr().out


def test_the_table_keeps_the_order_and_can_be_empty():
    assert list(coursework.predictions_table()) == ["name", "predicted", "found", "difference"]
    for name in ("b", "a", "c"):
        coursework.predict(name, 0.5)
    assert coursework.predictions_table().name.tolist() == ["b", "a", "c"]
    with pytest.raises(TypeError, match="one number"):
        coursework.confront("a", [1, 2])


# kept results


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("HWKIT_CACHE", str(tmp_path / "kept"))
    return tmp_path / "kept"


class Counted:
    def __init__(self, result):
        self.result, self.calls = result, 0

    def __call__(self):
        self.calls += 1
        return self.result


RESULT = {
    "array": np.arange(6, dtype=np.int16).reshape(2, 3),
    3: [1.5, None, True, "text"],
    "pair": (np.float32(0.1), float("nan")),
    "table": pd.DataFrame({"class": ["a", "b"], "recall": [0.1 + 0.2, 1 / 3], "top": [1, 2]}),
    "grid": pd.DataFrame(
        [[0.25, 0.5]], index=pd.Index([4], name="top"), columns=pd.Index([1, 2], name="bottom")
    ),
}


def test_a_result_is_computed_once_and_comes_back_exactly(folder, capsys):
    compute = Counted(RESULT)
    coursework.cached("study", compute, 1, "a")
    found = coursework.cached("study", compute, 1, "a")
    assert compute.calls == 1
    assert "kept from before" in capsys.readouterr().out
    np.testing.assert_array_equal(found["array"], RESULT["array"])
    assert found["array"].dtype == np.int16
    assert found[3] == RESULT[3]
    assert found["pair"][0] == np.float32(0.1) and np.isnan(found["pair"][1])
    assert isinstance(found["pair"], tuple)
    for name in ("table", "grid"):
        pd.testing.assert_frame_equal(found[name], RESULT[name], check_exact=True)


def test_no_file_needs_pickle(folder):
    coursework.cached("study", Counted(RESULT), 1)
    (file,) = folder.glob("study-*.npz")
    with np.load(file, allow_pickle=False) as stored:
        for name in stored.files:
            assert stored[name].dtype != object


def function(source):
    scope = run_cell(source)
    return scope["f"]


DIFFERENT = [
    (1, 2),
    (1, 1.0),
    (1, True),
    ("1", 1),
    ([1, 2], [2, 1]),
    ([1, [2]], [[1], 2]),
    ({"a": 1}, {"a": 2}),
    (np.zeros(3), np.zeros(4)),
    (np.zeros(3), np.array([0, 0, 1e-9])),
    (np.zeros(3, np.float32), np.zeros(3)),
    (np.zeros((2, 3)), np.zeros((3, 2))),
    (pd.DataFrame({"a": [1]}), pd.DataFrame({"a": [2]})),
    (function("def f(x): return x + 1"), function("def f(x): return x + 2")),
    (function("def f(x, y=1): return x"), function("def f(x, y=2): return x")),
    (
        function("def g(x): return x\ndef f(x): return g(x)"),
        function("def g(x): return -x\ndef f(x): return g(x)"),
    ),
    (function("STEP = 3\ndef f(x): return STEP"), function("STEP = 4\ndef f(x): return STEP")),
    (
        function("class f:\n  def go(self): return 1"),
        function("class f:\n  def go(self): return 2"),
    ),
    (
        function("class B:\n  def go(self): return 1\nclass f(B): pass"),
        function("class B:\n  def go(self): return 2\nclass f(B): pass"),
    ),
    (types.SimpleNamespace(a=1), types.SimpleNamespace(a=2)),
    (
        function("def make(n):\n  return lambda x: x + n\nf = make(1)"),
        function("def make(n):\n  return lambda x: x + n\nf = make(2)"),
    ),
]


@pytest.mark.parametrize(("first", "second"), DIFFERENT)
def test_a_changed_part_computes_again(first, second, folder):
    compute = Counted(5)
    coursework.cached("study", compute, first)
    coursework.cached("study", compute, second)
    assert compute.calls == 2
    coursework.cached("study", compute, first)
    coursework.cached("study", compute, second)
    assert compute.calls == 2


def test_comments_and_lines_do_not_matter(folder):
    compute = Counted(5)
    coursework.cached("study", compute, function("def f(x): return x + 1"))
    coursework.cached("study", compute, function("# why\n\ndef f(x):\n    # so\n    return x + 1"))
    assert compute.calls == 1


def test_a_network_counts_by_its_weights(folder):
    import keras

    net = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, kernel_initializer="ones")])
    compute = Counted(5)
    coursework.cached("study", compute, net)
    coursework.cached("study", compute, net)
    assert compute.calls == 1
    net.layers[0].kernel.assign([[1.0], [2.0]])
    coursework.cached("study", compute, net)
    assert compute.calls == 2


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04 no zip", "cut", "other"])
def test_a_damaged_file_is_computed_again_with_a_warning(damage, folder):
    compute = Counted({"a": np.arange(1000.0)})
    coursework.cached("study", compute, 1)
    (file,) = folder.glob("study-*.npz")
    if damage == "cut":
        file.write_bytes(file.read_bytes()[:-200])
    elif damage == "other":
        np.savez(file.open("wb"), something=np.zeros(3))
    else:
        file.write_bytes(damage)
    with pytest.warns(UserWarning, match="damaged"):
        found = coursework.cached("study", compute, 1)
    assert compute.calls == 2
    np.testing.assert_array_equal(found["a"], np.arange(1000.0))
    coursework.cached("study", compute, 1)
    assert compute.calls == 2


def test_only_the_latest_results_are_kept(folder):
    for part in range(9):
        coursework.cached("study", Counted(part), part)
    coursework.cached("study-two", Counted(0), 0)
    assert len(list(folder.glob("study-*.npz"))) == 5 + 1
    assert not list(folder.glob("*.part"))


def test_what_cannot_be_kept_is_told(folder):
    with pytest.raises(TypeError, match=r"such as explanation\.attribution"):
        coursework.cached("study", Counted(object()), 1)
    with pytest.raises(TypeError, match="Expected numbers, text, arrays"):
        coursework.cached("study", Counted(1), iter([1]))
    assert not list(folder.glob("*"))


def test_a_failure_keeps_nothing(folder):
    def fails():
        raise NotImplementedError

    with pytest.raises(NotImplementedError):
        coursework.cached("study", fails, 1)
    assert not list(folder.glob("*"))


def test_results_lie_beside_the_notebook(tmp_path, monkeypatch):
    monkeypatch.delenv("HWKIT_CACHE", raising=False)
    monkeypatch.chdir(tmp_path)
    assert cache_folder() == tmp_path / ".cache" / "hwkit"


def test_without_a_folder_results_are_computed_with_a_warning(tmp_path, monkeypatch):
    blocked = tmp_path / "a file"
    blocked.write_text("")
    monkeypatch.setenv("HWKIT_CACHE", str(blocked / "below"))
    compute = Counted(5)
    with pytest.warns(UserWarning, match="HWKIT_CACHE"):
        assert coursework.cached("study", compute, 1) == 5
    assert os.listdir(tmp_path) == ["a file"]


# set-up


def test_setup_prints_versions_seeds_and_says_complete(capsys):
    coursework.setup("influence")
    first = np.random.rand()  # noqa: NPY002 - the global state is what is seeded
    out = capsys.readouterr().out
    for name in ("Python 3.", "TensorFlow 2.", "Keras 3.", "hwkit "):
        assert name in out
    assert out.endswith("Setup complete\n")
    coursework.setup("influence")
    assert np.random.rand() == first  # noqa: NPY002


def test_setup_refuses_an_unknown_assignment():
    with pytest.raises(ValueError, match="influence"):
        coursework.setup("influense")


FOUND = {"Python": "3.11.1", "TensorFlow": "2.18.0", "Keras": "3.6.0", "hwkit": "0.1.0"}


def test_versions_at_the_bounds_pass():
    setting_up.require(FOUND, "0.1.0", "tensorflow")
    setting_up.require({**FOUND, "hwkit": "0.2.0.dev1"}, "0.2.0", "tensorflow")


@pytest.mark.parametrize(
    ("found", "minimum", "backend", "words"),
    [
        ({**FOUND, "TensorFlow": "2.9.3"}, "0.1.0", "tensorflow", "TensorFlow 2.18 or newer"),
        ({**FOUND, "Keras": "2.15.0"}, "0.1.0", "tensorflow", "Keras 3.6 or newer"),
        (FOUND, "0.10.0", "tensorflow", r"hwkit 0\.10\.0 or newer"),
        (FOUND, "0.1.0", "jax", "KERAS_BACKEND=tensorflow"),
    ],
)
def test_what_is_too_old_is_told_with_the_command_that_mends_it(found, minimum, backend, words):
    with pytest.raises(RuntimeError, match=words) as error:
        setting_up.require(found, minimum, backend)
    if backend == "tensorflow":
        assert f"{sys.executable} -m pip install --upgrade" in str(error.value)
