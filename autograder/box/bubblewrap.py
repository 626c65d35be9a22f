"""The outer box: bubblewrap starts the warm process on a system that it can only read.

It sees the interpreter, the libraries, the student edition and the code of ``autograder.inside``;
no home, no course folder, no network, no process but its own.
"""

from __future__ import annotations

import os
import shutil
import site
import subprocess
import sys
import sysconfig
from pathlib import Path

from autograder.box.job import BoxError

UID = 61_711  # whom a root user's boxes run as; it owns nothing
_SYSTEM = ("/usr", "/etc/alternatives", "/etc/ld.so.cache", "/etc/fonts", "/etc/localtime")
_LINKED = ("/bin", "/lib", "/lib32", "/lib64", "/sbin")
_MASKED = ("hwkit", "autograder")
INSIDE = Path("/autograder")
EDITION = Path("/edition")
ZYGOTE = "autograder.inside.zygote"


def program() -> str | None:
    """Where bubblewrap is, or ``None``."""
    return shutil.which("bwrap")


def command(edition: Path, control: int, module: str = ZYGOTE, threads: int = 2) -> list[str]:
    """The command line that starts the warm process.

    Args:
        edition: folder of the unpacked student edition.
        control: file descriptor of its control socket.
        module: what runs.
        threads: of numeric libraries.

    Raises:
        BoxError: bubblewrap is not there.
    """
    bwrap = program()
    if bwrap is None:
        raise BoxError(
            "Expected bubblewrap (the program bwrap), and found none. Install it: "
            "sudo apt-get install bubblewrap"
        )
    line = [bwrap, "--die-with-parent", "--as-pid-1", "--new-session", "--clearenv"]
    line += ["--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts"]
    line += ["--unshare-cgroup-try", "--hostname", "box"]
    line += _files(edition)
    for name, value in _environment(threads).items():
        line += ["--setenv", name, value]
    line += ["--chdir", "/", "--cap-drop", "ALL"]
    if os.geteuid() == 0:
        # Root needs no namespace of users to make a box, but the box must not be root's.
        identity = ["--reuid", str(UID), "--regid", str(UID), "--clear-groups"]
        line += ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID", "--"]
        line += [_found("setpriv"), *identity, "--inh-caps=-all"]
    else:
        line += ["--unshare-user", "--"]
    return [*line, sys.executable, "-s", "-B", "-m", module, str(control)]


def start(
    edition: Path, control: int, block: int, log: int, module: str = ZYGOTE
) -> subprocess.Popen[bytes]:
    """Start the warm process; it waits until a line comes through ``block``.

    Args:
        edition: folder of the unpacked student edition.
        control: file descriptor of its end of the control socket.
        block: file descriptor that it reads before it starts.
        log: file descriptor for what it says.
        module: what runs.
    """
    # Nothing is started before this process is where it belongs: in its control group.
    wait = ["/bin/sh", "-c", 'read -r _ && exec "$@" < /dev/null', "sh"]
    return subprocess.Popen(
        [*wait, *command(edition, control, module)],
        stdin=block,
        stdout=log,
        stderr=log,
        pass_fds=(control,),
        start_new_session=True,
    )


def _files(edition: Path) -> list[str]:
    line = ["--proc", "/proc", "--dev", "/dev", "--perms", "1777", "--tmpfs", "/tmp"]
    line += ["--perms", "1777", "--tmpfs", "/dev/shm"]
    for path in _SYSTEM:
        line += ["--ro-bind-try", path, path]
    for path in _LINKED:
        if os.path.islink(path):
            line += ["--symlink", os.readlink(path), path]
        elif os.path.isdir(path):
            line += ["--ro-bind", path, path]
    twice = {source: Path(target) for source, target in hidden_folders()}
    places = [(folder, folder) for folder in python_folders()]
    for source, target in [*places, *((folder, Path(place)) for place, folder in twice.items())]:
        for parent in reversed(target.parents[:-1]):  # which bubblewrap would make for itself alone
            line += ["--perms", "0755", "--dir", str(parent)]
        line += ["--ro-bind", str(source), str(target)]
    for folder in masked_folders():
        line += ["--tmpfs", str(folder), "--remount-ro", str(folder)]
    line += ["--ro-bind", str(edition), str(EDITION)]
    for folder in (INSIDE, INSIDE / "autograder"):
        line += ["--perms", "0755", "--dir", str(folder)]
    package = Path(__file__).resolve().parents[1]
    line += ["--ro-bind", str(package / "__init__.py"), str(INSIDE / "autograder/__init__.py")]
    line += ["--ro-bind", str(package / "inside"), str(INSIDE / "autograder/inside")]
    return [*line, "--remount-ro", "/dev", "--remount-ro", "/"]


def python_folders() -> list[Path]:
    """The folders of this interpreter and its libraries, outermost only."""
    folders = {Path(sys.prefix), Path(sys.base_prefix), Path(sysconfig.get_path("stdlib"))}
    folders |= {Path(os.path.realpath(sys.executable)).parents[1]}
    folders |= {Path(each) for each in site.getsitepackages() if Path(each).is_dir()}
    folders = {Path(os.path.abspath(each)) for each in folders}
    return sorted(
        each
        for each in folders
        if not any(other in each.parents for other in folders) and Path("/usr") not in each.parents
        if each != Path("/usr")
    )


def hidden_folders() -> list[tuple[str, str]]:
    """Those of them that a fresh /tmp would hide: where they also are, and where they belong."""
    hidden = [each for each in python_folders() if Path("/tmp") in each.parents]
    return [(f"/python/{number}", str(each)) for number, each in enumerate(hidden)]


def masked_folders() -> list[Path]:
    """Installed copies of these packages, which hold answers and challenges."""
    return [
        Path(base) / name
        for base in site.getsitepackages()
        for name in _MASKED
        if (Path(base) / name).is_dir()
    ]


def _environment(threads: int) -> dict[str, str]:
    return {
        "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
        "PYTHONPATH": f"{EDITION}:{INSIDE}",
        "HOME": "/tmp",
        "LANG": "C.UTF-8",
        "MPLBACKEND": "Agg",
        "MPLCONFIGDIR": "/tmp/matplotlib",
        "IPYTHONDIR": "/tmp/ipython",
        "XDG_CACHE_HOME": "/tmp/cache",
        "CUDA_VISIBLE_DEVICES": "-1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "KERAS_BACKEND": "tensorflow",
        "OMP_NUM_THREADS": str(threads),
        "OPENBLAS_NUM_THREADS": "1",
        "TF_NUM_INTRAOP_THREADS": str(threads),
        "TF_NUM_INTEROP_THREADS": "1",
        "PYTHONHASHSEED": "0",
    }


def _found(name: str) -> str:
    path = shutil.which(name)
    if path is None:
        raise BoxError(f"Expected the program {name} (package util-linux), and found none.")
    return path
