"""Procrastinate's tables: made where they are missing, and brought up to date when its package is a newer one.

Its package brings scripts by version (`03.04.00_01_pre_...sql`), to be run in their order, and does not remember which
have been. So what was laid last is written down as the comment of its table of jobs. A database that is newer than the
package, after a step back, is left as it is. (https://procrastinate.readthedocs.io/en/stable/howto/production/migrations.html)
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING

from procrastinate.schema import SchemaManager
from psycopg import connect
from psycopg.sql import SQL, Literal

if TYPE_CHECKING:
    from psycopg import Connection

log = logging.getLogger(__name__)

_LOCK = 0x69726A71  # "irjq": an advisory lock is known by a number
_SAID = "laid by ircal up to "
_BEFORE_IT_WAS_SAID = "03.04.00_50_post_add_retry_failed_job_procedure"
"""What is laid where nothing is said: we began to say it when this was the newest."""


def lay_jobs(conninfo: str, scripts: Path | None = None) -> None:
    """Make the tables, or bring them up to date; two processes that begin at once do it once.

    `scripts` is where those of the package are. Each is a transaction: what ends one leaves all that came before.
    Raises psycopg's errors.
    """
    every = sorted((scripts or Path(SchemaManager.get_migrations_path())).glob("*.sql"))
    with connect(conninfo, connect_timeout=5, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [_LOCK])  # until the connection ends
        laid = _laid(connection)
        if laid is None:
            _run(connection, SchemaManager.get_schema(), every[-1].stem)
            return
        for script in every:
            if script.stem > laid:
                log.info("The queue's tables are brought up to date by %s.", script.name)
                _run(connection, script.read_text(encoding="utf-8"), script.stem)


def _run(connection: Connection, script: str, name: str) -> None:
    with connection.transaction():
        connection.execute(script.encode())  # Procrastinate's own
        connection.execute(SQL("COMMENT ON TABLE procrastinate_jobs IS {}").format(Literal(f"{_SAID}{name}")))


def _laid(connection: Connection) -> str | None:
    """The last script that is in the tables; None where there are none."""
    found = connection.execute("SELECT to_regclass('procrastinate_jobs')").fetchone()
    if found is None or found[0] is None:
        return None
    said = connection.execute("SELECT obj_description('procrastinate_jobs'::regclass, 'pg_class')").fetchone()
    text = str(said[0] or "") if said else ""
    return text.removeprefix(_SAID) if text.startswith(_SAID) else _BEFORE_IT_WAS_SAID
