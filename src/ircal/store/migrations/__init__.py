"""How the tables of an older ircal become those of this one: Alembic's scripts, run from code when a store is opened.

`versions/` has one script for each version of the tables, in order; a script that is released is never changed again.
Whoever changes `ircal.store.schema` adds the next one and raises HEAD. The two must come to the same tables, on SQLite
and on PostgreSQL, and a test compares them. An empty database is not taken through all of them: it gets the tables of
`ircal.store.schema` at once.

Before ircal had Alembic, the version stood in a table `schema_version`, as a number; script 0006 takes that away.
"""

from __future__ import annotations

import logging
import threading
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alembic.config import Config
    from sqlalchemy import Connection

HEAD = "0010"
"""The newest version, which is the one that `ircal.store.schema` describes."""

_ALONE = threading.Lock()
"""Alembic keeps what it works on in a global, so that two threads cannot each bring up a store."""


def known() -> list[str]:
    """Every version that this ircal knows, oldest first."""
    return sorted(path.name[: len(HEAD)] for path in Path(__file__).with_name("versions").glob("[0-9]*.py"))


def bring_up(connection: Connection, found: str, to: str = HEAD) -> None:
    """Run what is missing from version `found` (empty: no tables) to another, in the connection's transaction."""
    from alembic import command  # noqa: PLC0415 it takes long to import, and hardly any opening of a store needs it

    config = scripts()
    config.attributes.update(connection=connection, found=found)
    logging.getLogger("alembic").setLevel(logging.WARNING)  # who calls tells what is done, in fewer words
    with _ALONE:
        command.upgrade(config, to)


def scripts() -> Config:
    """Alembic's view of this folder."""
    from alembic.config import Config  # noqa: PLC0415 as above

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
