"""Feeds into a folder, so that whoever reads it meanwhile sees whole files, the old or the new.

`index.json` says which files are ours: a list of objects that name a feed by `file`. It is written last, so what a run
that was cut short has left behind is still known to the next. A file that is not in it was not written by ircal and is
never removed. What has not changed is not touched, so that its time says when it changed, and a mirror copies only what
is new.

Whatever is in the way is looked for first and told at once: something that is no file where one should be, what ircal
may not read or write, an `index.json` that is not ours. Then every new file is written beside its place, and only when
all are there do they take their places: a full disk changes nothing. A file that nobody may write to is replaced like
any other, because the right that counts is the folder's.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ircal.errors import PublishError
from ircal.publish.file import ANOTHER_FOLDER, beside, told_as_publish_error, write_new

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

INDEX = "index.json"

_FEED = re.compile(r"[a-z0-9][a-z0-9_-]*\.ics")


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
    refuse_strange(files)
    with told_as_publish_error(out):
        out.mkdir(parents=True, exist_ok=True)
        if found := list(_obstacles(out, [*feeds, INDEX])):
            raise PublishError("\n".join(found), f"Nothing was written. {ANOTHER_FOLDER}")
        unwanted = sorted(set(_index_of(out) or ()) - set(feeds))
    changed = [name for name in [*feeds, INDEX] if not _says(out / name, files[name])]
    with _beside({out / name: files[name] for name in changed}) as new:
        removed = _exchange(out, new, unwanted)
    unchanged = [name for name in [*feeds, INDEX] if name not in changed]
    return Published(tuple(changed), tuple(unchanged), tuple(removed))


def is_feed(name: str) -> bool:
    """Whether it is the name of a feed's file."""
    return _FEED.fullmatch(name) is not None


def refuse_strange(files: Mapping[str, bytes]) -> None:
    """Raise ValueError unless they are feeds and the index that names exactly them."""
    feeds = sorted(set(files) - {INDEX})
    if strange := [name for name in feeds if not is_feed(name)]:
        raise ValueError(f"not the name of a feed: {strange[0]!r}")
    named = _named(files.get(INDEX, b""))
    if named is None or sorted(named) != feeds:
        raise ValueError(f"{INDEX} must be a list of objects that name each feed, and nothing else, by `file`")


def _obstacles(out: Path, names: list[str]) -> Iterator[str]:
    """What keeps the folder from taking files of these names, a sentence each."""
    if not os.access(out, os.R_OK | os.W_OK | os.X_OK):
        yield f"{out} cannot be written: Permission denied."
        return
    found = [_obstacle(out / name) for name in names]
    yield from filter(None, found)
    if not any(found) and _index_of(out) is None:
        yield f"The file {out / INDEX} was not written by ircal."


def _obstacle(path: Path) -> str:
    """What is in the way of a file, or nothing. A link is not: it is replaced, never followed."""
    if path.is_symlink() or not path.exists():
        return ""
    if path.is_dir():
        return f"{path} is a folder where a file should be."
    if not path.is_file():
        return f"{path} is no file, and one should be there."
    return "" if os.access(path, os.R_OK) else f"{path} cannot be read: Permission denied."


def _index_of(out: Path) -> list[str] | None:
    """The feeds that an earlier run left in the folder; None when the index is somebody else's."""
    path = out / INDEX
    return _named(path.read_bytes()) if path.is_file() else []


def _named(index: bytes) -> list[str] | None:
    """The feeds that an index names; None if it is not one of ours."""
    try:
        entries = json.loads(index)
    except ValueError:
        return None
    if not isinstance(entries, list):
        return None
    names = [entry.get("file") if isinstance(entry, dict) else None for entry in entries]
    feeds = [name for name in names if isinstance(name, str) and is_feed(name)]
    return feeds if len(feeds) == len(names) else None


def _says(path: Path, data: bytes) -> bool:
    """Whether a file has these bytes already."""
    with told_as_publish_error(path):
        return path.is_file() and not path.is_symlink() and path.read_bytes() == data


@contextlib.contextmanager
def _beside(files: Mapping[Path, bytes]) -> Iterator[Mapping[Path, Path]]:
    """Every file written beside its place: where it is, by the place. What has not been taken from there is removed."""
    new = {path: beside(path) for path in files}
    try:
        for path, data in files.items():
            with told_as_publish_error(path):
                write_new(new[path], data)
        yield new
    finally:
        for path in new.values():
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)


def _exchange(out: Path, new: Mapping[Path, Path], unwanted: list[str]) -> list[str]:
    """Put every new file into its place, the index last, and remove what is unwanted; gives what was removed."""
    index = out / INDEX
    for path in new:
        if path != index:
            _put(new[path], path)
    removed = [name for name in unwanted if _remove(out / name)]
    _settle(out)
    if index in new:
        _put(new[index], index)
        _settle(out)
    return removed


def _put(new: Path, path: Path) -> None:
    with told_as_publish_error(path):
        new.replace(path)


def _remove(path: Path) -> bool:
    """Remove a file of ours; whether it was still there. A folder that has taken its name is not ours."""
    with told_as_publish_error(path):
        if path.is_dir() and not path.is_symlink():
            return False
        try:
            path.unlink()
        except FileNotFoundError:
            return False
    return True


def _settle(folder: Path) -> None:
    """Make sure that what the folder holds by now would outlast a power cut."""
    with told_as_publish_error(folder):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
