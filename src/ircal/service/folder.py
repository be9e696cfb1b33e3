"""Whether the configuration has changed: a look at the files' times and sizes, and only then at their bytes."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from ircal.config import digest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Signature = frozenset[tuple[str, tuple[int, ...]]]


class FolderDigest:
    """The digest of a configuration folder, worked out again only when a file looks different."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._signature: Signature | None = None
        self.last = ""
        """The digest when it was asked for last."""

    def __call__(self) -> str:
        """The digest now. Raises ProgramError when there is no configuration at all."""
        signature = frozenset(_signature(self._folder))  # taken first: what changes meanwhile is seen the next time
        if signature != self._signature:
            self._signature = None
            self.last = digest(self._folder)
            self._signature = signature
        return self.last


def _signature(folder: Path, depth: int = 2) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Each file with what its inode says; ctime as well, since a tool that copies may set mtime back."""
    try:
        entries = list(os.scandir(folder))
    except OSError:
        return
    for entry in entries:
        try:
            found = entry.stat()
        except OSError:  # gone meanwhile, or a link to nothing
            yield entry.path, ()
            continue
        yield entry.path, (found.st_ino, found.st_mtime_ns, found.st_ctime_ns, found.st_size)
        if depth > 1 and entry.is_dir():
            yield from ((path, times) for path, times in _signature(folder / entry.name, depth - 1))
