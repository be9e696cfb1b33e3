"""Feeds into an object store, from which a CDN can hand them to any number of readers, with no server of ours.

A PUT replaces an object as a whole, so that readers see the old or the new. What we know of an object is told by its
own metadata, read by HEAD, and not by a list of ours that may be out of date: which programme it belongs to, and the
SHA-256 of everything that was sent, headers and all. What has not changed is not sent again, and keeps its ETag and
time. Feeds are written first, then `index.json`, then what is no longer wanted is removed: whoever follows the index
finds what it names. An object in the way that is not ours stops everything before the first write.

A run that fails half-way leaves whole objects, old and new; the next one does the rest.
"""

from __future__ import annotations

import contextlib
import hashlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

import obstore

from ircal.errors import PublishError
from ircal.publish.folder import INDEX, Published, is_feed, refuse_strange
from ircal.publish.object_store import told_as_undelivered

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from obstore import Attributes
    from obstore.store import ObjectStore

    from ircal.publish.place import Edition

_T = TypeVar("_T")

_PROGRAM, _SHA256 = "ircalprogram", "ircalsha256"
"""Letters and digits alone: Azure takes no hyphen in a name, and some proxies no underscore."""

_AT_ONCE = 8
_STALE_IF_ERROR = 86400
"""Seconds for which a CDN may go on with what it has while the bucket fails (RFC 5861): better old than nothing."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What an object's metadata says of it; empty where it is not ours. `size` is that of the object itself."""

    program: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Bucket:
    """A prefix of a bucket; `address` is how a person calls it, and `max_age` is in seconds."""

    address: str
    store: ObjectStore = field(repr=False)  # obstore's repr fails for Azure
    max_age: int
    open_to_all: bool = True

    def look(self) -> None:
        """See that it is there and may be listed."""
        self._names()

    def publish(self, edition: Edition) -> Published:
        """Make the prefix hold this edition, and no other feed of its programme."""
        refuse_strange(edition.files)
        held = self._held()
        self._refuse_foreign(edition, held)
        changed = [name for name in sorted(edition.files) if held.get(name) != self._mark(edition, name)]
        feeds = [name for name in changed if name != INDEX]
        _at_once(lambda name: self._put(edition, name), feeds)
        if INDEX in changed:
            self._put(edition, INDEX)
        gone = [name for name in sorted(held) if name not in edition.files and held[name].program == edition.program]
        _at_once(self._remove, gone)
        written = (*feeds, *(name for name in changed if name == INDEX))
        ordered = [*sorted(set(edition.files) - {INDEX}), INDEX]
        return Published(written, tuple(name for name in ordered if name not in written), tuple(gone))

    def _names(self) -> list[str]:
        """The feeds and indexes that are there, whoever put them."""
        with told_as_undelivered(self.address):
            objects = obstore.list_with_delimiter(self.store)["objects"]
        names = (each["path"].rpartition("/")[2] for each in objects)
        return sorted(name for name in names if name == INDEX or is_feed(name))

    def _held(self) -> dict[str, Mark]:
        names = self._names()
        return {name: mark for name, mark in zip(names, _at_once(self._look_at, names), strict=True) if mark}

    def _look_at(self, name: str) -> Mark | None:
        with told_as_undelivered(f"{self.address}/{name}"):
            try:
                found = obstore.get(self.store, name, options={"head": True})
            except FileNotFoundError:  # somebody removed it since it was listed
                return None
            said = found.attributes
            return Mark(said.get(_PROGRAM, ""), said.get(_SHA256, ""), found.meta["size"])

    def _refuse_foreign(self, edition: Edition, held: dict[str, Mark]) -> None:
        for name in sorted(edition.files.keys() & held.keys()):
            owner = held[name].program
            if owner != edition.program:
                who = f"is of the programme {owner!r}" if owner.isprintable() and owner else "was not written by ircal"
                remedy = "Name another place, or remove what is in the way."
                raise PublishError(f"{self.address}/{name} {who}, and is left as it is.", remedy)

    def _put(self, edition: Edition, name: str) -> None:
        mark, data = self._mark(edition, name), edition.files[name]
        attributes: Attributes = {**self._headers(edition, name), _PROGRAM: mark.program, _SHA256: mark.sha256}
        with told_as_undelivered(f"{self.address}/{name}"):
            obstore.put(self.store, name, data, attributes=attributes, use_multipart=False)

    def _remove(self, name: str) -> None:
        with told_as_undelivered(f"{self.address}/{name}"), contextlib.suppress(FileNotFoundError):
            obstore.delete(self.store, name)

    def _mark(self, edition: Edition, name: str) -> Mark:
        """What the object says of itself when it is as it should be."""
        data = edition.files[name]
        told = "".join(f"{key}: {value}\n" for key, value in sorted(self._headers(edition, name).items()))
        return Mark(edition.program, hashlib.sha256(told.encode() + b"\n" + data).hexdigest(), len(data))

    def _headers(self, edition: Edition, name: str) -> dict[str, str]:
        """What readers and the CDN are told. No Content-Encoding: the CDN packs for those who ask for it."""
        kept = f"public, max-age={self.max_age}, stale-if-error={_STALE_IF_ERROR}"
        return {
            "Content-Type": "application/json" if name == INDEX else "text/calendar; charset=utf-8",
            "Cache-Control": kept if name in edition.public else "private, no-cache",
        }


def _at_once(do: Callable[[str], _T], names: Iterable[str]) -> list[_T]:
    """Do it for each, some at a time; those under way are finished when one fails, and no more are begun."""
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        under_way = [pool.submit(do, name) for name in names]
        try:
            return [each.result() for each in under_way]
        finally:
            for each in under_way:
                each.cancel()
