"""`store`: what an operator does with all that ircal remembers."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from ircal.cli import Sentences, output
from ircal.cli.options import settings_of_all
from ircal.cli.parameters import Text
from ircal.wording import count

BEHIND = 2


@click.group(cls=Sentences, epilog="Example: ircal store backup --out ircal.backup")
def store() -> None:
    """Bring the store up to date, take a backup of it, put one back."""


@store.command(epilog="Example: ircal store migrate --check")
@click.option("--check", "look", is_flag=True, help="Only tell: exits with 2 when there is something to do.")
def migrate(*, look: bool) -> int:
    """Make the store's tables, or bring those of an older ircal up to date.

    Every command that opens the store does that by itself. Where several machines share a database, do it once before
    they start. It is one transaction: all of it is done, or nothing.
    """
    from ircal import store as stores

    done = stores.migrate(settings_of_all(None).store_url, look=look)
    if done.found == done.newest:
        output.say(f"The store {done.place} has version {done.newest}: nothing to do.")
        return 0
    would = "would be " if look else ""
    if done.found:
        output.say(f"The store {done.place} {would or 'was '}brought from version {done.found} to {done.newest}.")
    else:
        output.say(f"The store {done.place} {would or 'was '}made with version {done.newest}.")
    return BEHIND if look else 0


@store.command(epilog="Example: ircal store backup --out /backup/ircal-2026-11-02.gz")
@click.option("--out", type=Text(), required=True, metavar="FILE", help="The file; a backup that is there is replaced.")
def backup(out: str) -> None:
    """Write everything that ircal remembers into one file, while it runs.

    The file is for its owner alone. It holds the digests of the feed links, so that the links work on when it is put
    back, and no link itself. It can be put back into the other kind of database, too.
    """
    from ircal.store import back_up

    copied = back_up(settings_of_all(None).store_url, Path(out), datetime.now(UTC))
    output.note(f"{out}: {count(copied.rows, 'row')} of the store {copied.place}, version {copied.backup.version}.")


@store.command(epilog="Example: ircal store restore /backup/ircal-2026-11-02.gz")
@click.argument("file", type=Text(), metavar="FILE")
@click.option("--replace", is_flag=True, help="In place of everything that the store holds now.")
def restore(file: str, *, replace: bool) -> None:
    """Put a backup into the store, which must be empty. Stop what uses it before.

    What an older ircal has backed up is brought up to date. If anything goes wrong, nothing was changed.
    """
    from ircal import store as stores

    copied = stores.restore(settings_of_all(None).store_url, Path(file), replace=replace)
    taken = f"{copied.backup.taken.astimezone(UTC):%Y-%m-%d %H:%M}Z"
    output.note(f"The store {copied.place} has {count(copied.rows, 'row')} again, as of {taken}.")
