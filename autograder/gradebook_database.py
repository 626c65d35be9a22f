"""nbgrader's gradebook as a database: opened, made where there is none, changed in transactions.

nbgrader's own methods commit at every step. Here the session is joined to an outer transaction in
which those commits are savepoints, so that all that belongs together is kept, or nothing.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook
from sqlalchemy import event
from sqlalchemy.engine import make_url

BUSY_MS = 30_000  # how long SQLite waits for another writer, such as formgrader


def sqlite_url(path: Path) -> str:
    """The database URL of a gradebook file."""
    return f"sqlite:///{path.resolve()}"


@contextmanager
def opened(url: str) -> Iterator[Gradebook]:
    """The gradebook at a database URL, made where there is none.

    Raises:
        OSError: the database cannot be opened; says which.
    """
    _make_sqlite(url)
    with _scripts_on_path():
        try:
            gradebook = Gradebook(url)
        except Exception as error:  # drivers and SQLAlchemy raise errors of many kinds
            shown = make_url(url).render_as_string(hide_password=True)
            raise OSError(
                f"Expected to open the gradebook {shown}, and could not: {error}"
            ) from error
    try:
        yield gradebook
    finally:
        gradebook.close()


@contextmanager
def transaction(url: str) -> Iterator[Gradebook]:
    """A gradebook of which everything, or after an error nothing, is kept."""
    with opened(url) as gradebook:
        engine = gradebook.engine
        if engine.dialect.name == "sqlite":
            _transactional_sqlite(engine)
        gradebook.db.remove()
        with engine.connect() as connection, connection.begin():
            gradebook.db.configure(bind=connection, join_transaction_mode="create_savepoint")
            try:
                # nbgrader puts a submission together before it adds it: autoflush would complain.
                with gradebook.db.no_autoflush:
                    yield gradebook
                gradebook.db.commit()  # of the savepoint; the transaction ends below
            finally:
                gradebook.db.remove()


def _transactional_sqlite(engine: Any) -> None:
    """Let SQLAlchemy, not the driver, begin transactions, and take the lock for writing at once.

    The driver begins one only before the first change, and so not before a savepoint; see
    "Serializable isolation / Savepoints / Transactional DDL" in SQLAlchemy's page on SQLite.
    """
    engine.dispose()  # connections made before the events below

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _: Any) -> None:
        connection.isolation_level = None
        connection.execute(f"PRAGMA busy_timeout = {BUSY_MS}")

    @event.listens_for(engine, "begin")
    def _begun(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def missing(url: str) -> bool:
    """Whether there is no database yet; only known of SQLite, whose databases are files."""
    path = _file(url)
    return path is not None and not path.exists()


def _file(url: str) -> Path | None:
    place = make_url(url)
    if place.get_backend_name() != "sqlite" or place.database in (None, "", ":memory:"):
        return None
    return Path(str(place.database))


def _make_sqlite(url: str) -> None:
    """Make a new SQLite gradebook aside and move it into place, so that it is never half made."""
    path = _file(url)
    if path is None or path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    fresh.unlink(missing_ok=True)
    with _scripts_on_path():
        Gradebook(sqlite_url(fresh)).close()
    fresh.replace(path)


@contextmanager
def _scripts_on_path() -> Iterator[None]:
    """Let nbgrader find the program ``alembic``, which stands beside this Python."""
    before = os.environ.get("PATH", "")
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), before])
    try:
        yield
    finally:
        os.environ["PATH"] = before
