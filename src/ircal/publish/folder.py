"""Feeds into a folder, so that whoever reads it meanwhile sees whole files, the old or the new.

`index.json` says which files are ours: a list of objects that name a feed by `file`. It is written last, so what a run
that was cut short has left behind is still known to the next. A file that is not in it was not written by ircal and is
never removed; an `index.json` that is not ours stops everything before the first write. What has not changed is not
touched, so that its time says when it changed, and a mirror copies only what is new.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ircal.errors import PublishError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

INDEX = "index.json"

_FEED = re.compile(r"[a-z0-9][a-z0-9_-]*\.ics")
_ANOTHER_FOLDER = "Name another folder, or move what is in the way."


@dataclass(frozen=True, slots=True)
class Published:
    """What became of the files, by name, in order."""

    written: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


def publish_folder(out: Path, files: Mapping[str, bytes]) -> Published:
    """Make the folder hold these files, and none of ours besides.

    `files` are the feeds (`<calendar id>.ics`) and `index.json`, which names exactly them; anything else is a
    ValueError. Raises PublishError, with the path, when the folder cannot be read or written.
    """
    feeds = sorted(set(files) - {INDEX})
    _check(files, feeds)
    with _told_as_publish_error(out):
        out.mkdir(parents=True, exist_ok=True)
    unwanted = sorted(_ours(out) - set(feeds))
    written = [name for name in feeds if _put(out / name, files[name])]
    removed = [name for name in unwanted if _remove(out / name)]
    _settle(out)
    written += [name for name in [INDEX] if _put(out / name, files[name])]
    _settle(out)
    unchanged = [name for name in [*feeds, INDEX] if name not in written]
    return Published(tuple(written), tuple(unchanged), tuple(removed))


def _check(files: Mapping[str, bytes], feeds: list[str]) -> None:
    if strange := [name for name in feeds if not _FEED.fullmatch(name)]:
        raise ValueError(f"not the name of a feed: {strange[0]!r}")
    named = _named(files.get(INDEX, b""))
    if named is None or sorted(named) != feeds:
        raise ValueError(f"{INDEX} must be a list of objects that name each feed, and nothing else, by `file`")


def _ours(out: Path) -> set[str]:
    """The feeds that an earlier run left in the folder, by its index."""
    path = out / INDEX
    data = _read(path)
    if data is None:
        return set()
    named = _named(data)
    if named is None:
        raise PublishError(f"The file {path} was not written by ircal.", _ANOTHER_FOLDER)
    return set(named)


def _named(index: bytes) -> list[str] | None:
    """The feeds that an index names; None if it is not one of ours."""
    try:
        entries = json.loads(index)
    except ValueError:
        return None
    if not isinstance(entries, list):
        return None
    names = [entry.get("file") if isinstance(entry, dict) else None for entry in entries]
    feeds = [name for name in names if isinstance(name, str) and _FEED.fullmatch(name)]
    return feeds if len(feeds) == len(names) else None


def _read(path: Path) -> bytes | None:
    """The bytes of a file; None if there is none."""
    with _told_as_publish_error(path):
        try:
            return path.read_bytes()
        except FileNotFoundError:
            return None


def _put(path: Path, data: bytes) -> bool:
    """Replace a file as a whole, unless it already has these bytes; whether it was replaced."""
    if _read(path) == data:
        return False
    new = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    with _told_as_publish_error(path):
        try:
            with new.open("xb") as file:  # with the usual rights (umask): a web server may be another user
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            new.replace(path)
        except BaseException:
            new.unlink(missing_ok=True)
            raise
    return True


def _remove(path: Path) -> bool:
    """Remove a file of ours; whether it was still there."""
    with _told_as_publish_error(path):
        try:
            path.unlink()
        except FileNotFoundError:
            return False
    return True


def _settle(folder: Path) -> None:
    """Make sure that what the folder holds by now would outlast a power cut."""
    with _told_as_publish_error(folder):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


@contextlib.contextmanager
def _told_as_publish_error(path: Path) -> Iterator[None]:
    try:
        yield
    except (FileExistsError, NotADirectoryError):
        raise PublishError(f"{path} is not a folder.", _ANOTHER_FOLDER) from None
    except IsADirectoryError:
        raise PublishError(f"{path} is a folder where a file should be.", _ANOTHER_FOLDER) from None
    except OSError as error:
        remedy = "See that there is room, and that ircal may write there."
        raise PublishError(f"{path} cannot be written: {error.strerror}.", remedy) from None
