"""Keep TensorFlow's start-up chatter off the student's notebook.

TensorFlow's C++ core writes notices straight to file descriptor 2 while it is imported, before any
setting of its log can apply. So its import is watched: what it writes is held back, notices are
dropped, and everything else (warnings, errors, a traceback's details) is passed on.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import importlib.util
import logging
import os
import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import ModuleType

# Values that the user has set are left alone. Level 3 hides "no CUDA here" on every machine without
# a GPU; what matters reaches Python as an exception.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")

_NOTICE = re.compile(rb"(I\d{4} |WARNING: All log messages before absl|\d{4}-\d\d-\d\d .*: I )")


@contextmanager
def without_notices() -> Iterator[None]:
    """Hold back what is written to file descriptor 2; afterwards pass on all but notices."""
    sys.stderr.flush()
    with tempfile.TemporaryFile() as held:
        standard_error = os.dup(2)
        os.dup2(held.fileno(), 2)
        try:
            yield
        finally:
            sys.stderr.flush()
            os.dup2(standard_error, 2)
            os.close(standard_error)
            held.seek(0)
            for line in held.read().splitlines(keepends=True):
                if not _NOTICE.match(line):
                    os.write(2, line)


class _QuietLoader(importlib.abc.Loader):
    """Runs another loader without its notices."""

    def __init__(self, loader: importlib.abc.Loader) -> None:
        self._loader = loader

    def __getattr__(self, name: str) -> object:
        return getattr(self._loader, name)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType | None:
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        with without_notices():
            self._loader.exec_module(module)


class _QuietTensorFlow(importlib.abc.MetaPathFinder):
    """Finds ``tensorflow`` as Python does, and has it imported without notices."""

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if name != "tensorflow":
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(name)
        if spec is not None and spec.loader is not None:
            spec.loader = _QuietLoader(spec.loader)
        return spec


def _is_news(record: logging.LogRecord) -> bool:
    """False for the advice not to compile so many functions: each cut network has its own."""
    return "triggered tf.function retracing" not in record.getMessage()


logging.getLogger("tensorflow").addFilter(_is_news)

if "tensorflow" not in sys.modules:
    sys.meta_path.insert(0, _QuietTensorFlow())
