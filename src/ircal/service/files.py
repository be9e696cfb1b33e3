"""Whether a file of the configuration was saved: the operating system tells, and nothing is asked for again and again.

A folder may be changed in more ways than by writing its files, and each is another event in another place:

    a file is saved, or replaced by another             in the folder, or one folder below
    the folder is put in place of another one           in the folder above it
    a link on the way to it points elsewhere            in the folder that holds the link
    Kubernetes swaps the link `..data` of a volume      in the folder, whose files are links by way of that one

So all these folders are watched, each by itself, and anew when they are others. A save of many files is many events
in a row, and so is one of a large file: we wait until there were none for a moment. Network and some container file
systems tell nothing: there the folder is looked at every few seconds instead (`IRCAL_WATCH=polling`).
"""

from __future__ import annotations

import logging
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from watchfiles import watch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from threading import Event

log = logging.getLogger(__name__)
logging.getLogger("watchfiles").setLevel(logging.WARNING)  # else it tells of every event

QUIET = 40
"""Milliseconds without an event after which a save is over."""
_MOST = 1000
"""Milliseconds after which it is looked at, be it over or not."""
_AGAIN = 2.0
"""Seconds after which watching is tried again that has failed."""
_LINKS = 40
"""More links than this on the way to a folder are a circle."""


def watch_files(folder: Path, saved: Callable[[], None], stop: Event) -> None:
    """Call `saved` whenever the folder may have changed, until `stop` is set."""
    said = False
    while not stop.is_set():
        try:
            _watch(folder, saved, stop)
        except (OSError, RuntimeError) as error:
            if not said:
                log.warning(
                    "The folder %s cannot be watched (%s); it is looked at every few seconds instead.", folder, error
                )
                said = True
            saved()
            stop.wait(_AGAIN)


def _watch(folder: Path, saved: Callable[[], None], stop: Event) -> None:
    """Watch until there are other folders to be watched."""
    places = Places.of(folder)
    if not places.watched:
        raise FileNotFoundError(f"there is no folder {folder}")
    events = watch(
        *sorted(places.watched),
        watch_filter=lambda _, path: places.matters(Path(path)),
        debounce=_MOST,
        step=QUIET,
        stop_event=_UnderWay(lambda: _looked(folder, places, saved), stop),
        raise_interrupt=False,
        recursive=False,
        ignore_permission_denied=True,
    )
    for _ in events:
        if not _looked(folder, places, saved):
            return


def _looked(folder: Path, places: Places, saved: Callable[[], None]) -> bool:
    """Have somebody look; whether it is still these places that are to be watched."""
    saved()
    return Places.of(folder) == places


class _UnderWay:
    """The `stop_event` of a watch, which asks for it as soon as it watches and then every few milliseconds.

    What happened before it watched nobody tells. So at the first time it is `looked`, which says whether to go on.
    """

    def __init__(self, looked: Callable[[], bool], stop: Event) -> None:
        self._looked: Callable[[], bool] | None = looked
        self._goes_on = True
        self._stop = stop

    def is_set(self) -> bool:
        """Whether to watch no longer."""
        if self._looked:
            self._goes_on = self._looked()
            self._looked = None
        return self._stop.is_set() or not self._goes_on


@dataclass(frozen=True, slots=True)
class Places:
    """Where something happens when the configuration changes.

    In `whole` folders whatever happens does matter. Elsewhere only what becomes of the `names` does: the folder itself,
    and the links on the way to it. `inodes` are those of all folders, since one of the same name may be another.
    """

    whole: frozenset[Path]
    names: frozenset[Path]
    inodes: frozenset[tuple[int, int]]

    @classmethod
    def of(cls, folder: Path) -> Places:
        """Those of a folder as it is now."""
        here = Path(os.path.abspath(folder))  # noqa: PTH100 `resolve` would follow the links
        names = frozenset(_on_the_way(here))
        try:
            whole = [here, *(here / entry.name for entry in os.scandir(here) if entry.is_dir())]
        except OSError:
            whole = []
        return cls(frozenset(whole), names, frozenset(_inodes([*whole, *(name.parent for name in names)])))

    @property
    def watched(self) -> set[Path]:
        """The folders to watch, as far as they are there."""
        return {place for place in (*self.whole, *(name.parent for name in self.names)) if place.is_dir()}

    def matters(self, path: Path) -> bool:
        """Whether the configuration may have changed when this has."""
        return path in self.names or path.parent in self.whole


def _inodes(places: Iterable[Path]) -> Iterator[tuple[int, int]]:
    for place in places:
        with suppress(OSError):
            found = place.stat()
            yield found.st_dev, found.st_ino


def _on_the_way(path: Path, links: int = _LINKS) -> Iterator[Path]:
    """The folder, and every link that leads there."""
    yield path
    for part in (path, *path.parents):
        if part.is_symlink() and links:
            yield part
            leads_to = part.parent / part.readlink()  # of which the last name may be a link again
            yield from _on_the_way(Path(os.path.normpath(leads_to / path.relative_to(part))), links - 1)
            return
