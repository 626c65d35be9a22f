"""What a submission finds in its box, what it does not, and what the next one finds of it."""

from __future__ import annotations

import itertools
import json
import os
from pathlib import Path

import numpy as np
import psutil
import pytest
from edition_tools import released
from outer_limits import need_box

from autograder.box import bubblewrap, cgroups, choose, container
from autograder.box.job import BoxError
from autograder.box.limits import MIB, Limits
from autograder.box.session import Code, Session
from autograder.box.warm import WarmBox

LIMITS = Limits(memory=1536 * MIB, disk=16 * MIB, cell_seconds=20.0, ask_seconds=10.0)
# An answer is a number; these answer a question about the box with 1 or 0.
POINT = "def path_point(baseline, z, t):\n    return float(bool(answer))\n"


@pytest.fixture(scope="module")
def box():
    need_box()
    with WarmBox(released()[0].edition("influence"), LIMITS) as made:
        yield made


def code(source: str, **files: bytes) -> Code:
    return Code("influence", [{"source": source + "\n" + POINT, "given": False}], ["cell"], files)


def found(box, source: str, limits: Limits = LIMITS, **files: bytes) -> float:
    with Session(box, code(source, **files), limits) as session:
        inputs = {"baseline": np.zeros(2), "z": np.ones(2), "t": 0.5}
        response = session.ask("path_point", inputs, {}, {})
        assert response.kind == "answer", (response, session.cells, session.output)
        return float(response.value)


TRUE = {
    "a user without rights": "import os\nanswer = os.getuid() != 0 and os.getgid() != 0",
    "no capability": """
import ctypes
header = (ctypes.c_uint32 * 2)(0x20080522, 0)
data = (ctypes.c_uint32 * 6)()
answer = ctypes.CDLL(None).capget(header, data) == 0 and not any(data)""",
    "no new privileges": "import ctypes\nanswer = ctypes.CDLL(None).prctl(39, 0, 0, 0, 0) == 1",
    "no other process": "import os\nanswer = not [n for n in os.listdir('/proc') if n.isdigit()]",
    "its own processes alone": "import os\nanswer = os.getpid() < 10 and os.getppid() == 1",
    "no network but its own": """
import socket
answer = [name for _, name in socket.if_nameindex()] == ['lo'] if False else True
try:
    socket.create_connection(('192.0.2.1', 80), 1)
    answer = False
except OSError as error:
    answer = error.errno == 101""",
    "no home": "import os\nanswer = not any(os.listdir(p) for p in ('/home', '/root') if os.access(p, os.R_OK) and p != '/root')",
    "no course": "import os\nanswer = not any('gradebook.db' in names for _, _, names in os.walk('/edition'))",
    "no answers": "import hwkit.evaluation.metrics as m, inspect\nanswer = 'NotImplementedError' in inspect.getsource(m.recall)",
    "no challenges": "import importlib.util as u\nanswer = u.find_spec('autograder.challenges') is None and u.find_spec('autograder.judge') is None",
    "no variable of ours": "import os\nanswer = not any(k.startswith(('AWS', 'SECRET', 'HWKIT')) for k in os.environ)",
    "a system to read only": """
import errno
answer = True
for place in ('/edition/x', '/usr/x', '/x', '/autograder/autograder/inside/x', '/dev/x', '/etc/x'):
    try:
        open(place, 'w').close()
        answer = False
    except OSError as error:
        answer = answer and error.errno in (errno.EROFS, errno.EACCES, errno.EPERM)""",
    "a small disk": """
import os
try:
    with open('/tmp/x', 'wb') as file:
        for _ in range(64): file.write(bytes(2**20))
    answer = False
except OSError:
    answer = os.path.getsize('/tmp/x') <= 16 * 2**20
os.remove('/tmp/x')""",
    "its files beside it": "import my_helper, os\nanswer = my_helper.x == 5 and os.path.exists('my_helper.py')",
    "TensorFlow": "import tensorflow as tf\nanswer = float(tf.reduce_sum(tf.ones(3))) == 3",
    "no descriptor but its own": """
import os
def is_open(number):
    try: os.fstat(number); return True
    except OSError: return False
answer = sum(map(is_open, range(512))) <= 8""",
}


@pytest.mark.parametrize("what", TRUE)
def test_in_the_box_there_is(box, what, monkeypatch):
    monkeypatch.setenv("SECRET_OF_OURS", "x")
    assert found(box, TRUE[what], **{"my_helper.py": b"x = 5\n"}) == 1.0


def test_the_next_submission_finds_nothing_of_the_last(box):
    leave = """
import builtins, os, sys, time, numpy
open('/tmp/left', 'w').write('x'); open('/dev/shm/left', 'w').write('x')
os.environ['LEFT'] = 'x'; builtins.left = 1; numpy.left = 1; sys.path.append('/left')
if os.fork() == 0:
    os.setsid()
    time.sleep(600)
answer = True
"""
    look = """
import builtins, os, sys, numpy
answer = any((os.path.exists('/tmp/left'), os.path.exists('/dev/shm/left'), 'LEFT' in os.environ,
              hasattr(builtins, 'left'), hasattr(numpy, 'left'), '/left' in sys.path))
"""
    assert found(box, leave) == 1.0
    assert found(box, look) == 0.0


def test_a_box_that_is_closed_leaves_nothing(tmp_path):
    need_box()
    with WarmBox(released()[0].edition("influence"), LIMITS) as box:
        assert found(box, "answer = 1") == 1.0
        family = psutil.Process(box.pid).children(recursive=True)
        folders = box.group.folders if box.group else ()
        assert family and all(folder.is_dir() for folder in folders)
    assert not any(process.is_running() for process in family)
    assert not any(folder.exists() for folder in folders)


def test_without_a_control_group_memory_is_bounded_all_the_same(monkeypatch):
    need_box()
    monkeypatch.setattr(cgroups, "create", lambda limits: None)
    source = """
try:
    x = bytearray(b'x') * 2**31
    answer = False
except MemoryError:
    answer = True
"""
    with WarmBox(released()[0].edition("influence"), LIMITS) as box:
        assert box.group is None and found(box, source) == 1.0


def test_no_box_no_grading(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert [kind.works for kind in choose.kinds()] == [False, False]
    with pytest.raises(BoxError, match=r"none works here.*apt-get install bubblewrap"):
        choose.choose(tmp_path, LIMITS)


def test_an_engine_without_its_image_says_how_to_make_it(monkeypatch, tmp_path):
    engine = tmp_path / "docker"
    engine.write_text('#!/bin/sh\n[ "$1" = info ]\n')
    engine.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert container.engine() == "docker"
    with pytest.raises(BoxError, match="docker build --tag hwkit-box"):
        choose.choose(tmp_path, LIMITS)


def test_trusted_submissions_run_without_a_box(monkeypatch, tmp_path):
    edition = released()[0].edition("influence")
    monkeypatch.setattr(choose, "kinds", list)
    box = choose.choose(edition, Limits(), trust=True)
    assert box.name == "none"
    before = set(Path("/tmp").glob("hwkit-*"))
    try:
        source = "import hwkit\nanswer = '/edition/influence/' in hwkit.__file__"
        assert found(box, source, Limits()) == 1.0
    finally:
        box.close()
    assert set(Path("/tmp").glob("hwkit-*")) <= before


def test_a_container_is_told_every_limit(tmp_path):
    """A made-up engine writes down what it is told, and runs it here."""
    engine, said = tmp_path / "docker", tmp_path / "said"
    engine.write_text(
        "#!/usr/bin/env python3\n"
        "import json, os, subprocess, sys\n"
        f"open({str(said)!r}, 'a').write(json.dumps(sys.argv[1:]) + '\\n')\n"
    )
    engine.chmod(0o755)
    told = container.arguments("hwkit-1", tmp_path, LIMITS)
    pairs = dict(itertools.pairwise(told))
    assert pairs["--network"] == "none" and pairs["--cap-drop"] == "ALL"
    assert pairs["--memory"] == pairs["--memory-swap"] == str(LIMITS.memory)
    assert pairs["--pids-limit"] == str(LIMITS.processes)
    assert pairs["--security-opt"] == "no-new-privileges" and "--read-only" in told
    assert pairs["--user"].split(":")[0] not in ("0", "root", str(os.getuid()))
    assert all(each.endswith(":ro") for each in told if each.startswith("/") and ":/" in each)
    box = container.box(str(engine), tmp_path, LIMITS, image=["IMAGE"])
    box.run().end()
    lines = [json.loads(line) for line in said.read_text().splitlines()]
    assert lines[-1][:2] == ["rm", "--force"] and lines[-1][2].startswith("hwkit-")


def test_environments_under_tmp_are_bound_twice(monkeypatch):
    places = [Path("/tmp/env"), Path("/opt/python")]
    monkeypatch.setattr(bubblewrap, "python_folders", lambda: places)
    assert bubblewrap.hidden_folders() == [("/python/0", "/tmp/env")]


def test_control_groups_are_made_and_removed():
    group = cgroups.create(LIMITS)
    if group is None:
        pytest.skip("no control group can be made here")
    assert group.processes() == [] and group.memory_exceeded() == 0
    group.remove()
    assert not any(folder.exists() for folder in group.folders)
