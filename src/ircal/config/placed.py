"""Finding the place of anything that was written: trees of mappings and lists that know their lines.

A `Written` holds the sections of all YAML files as they stand, before pydantic turns them into values. Faults of the
values, found by their path (`audience`, `any`, 0, `pgy`), are traced back through it to the line to mend.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ircal.config.called import Called
from ircal.model.place import Place, PlacedDict

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from collections.abc import Set as AbstractSet


class Refused:
    """Stands where something was written that cannot be read, and was told: nothing more is said of it."""


REFUSED = Refused()


class PlacedList(list[object]):
    """A list as read from a file, with the Place of each of its items."""

    def __init__(self, items: Iterable[object], places: Iterable[Place]) -> None:
        super().__init__(items)
        self.places = tuple(places)


@dataclass(frozen=True, slots=True)
class Entry:
    """One body of a section, and the place of the key that names it."""

    body: object
    place: Place

    def find(self, path: Iterable[object]) -> Entry:
        """What stands at the end of the path. Steps that were not written are passed over."""
        found = self
        for step in path:
            found = found._down(step) or found
        return found

    def _down(self, step: object) -> Entry | None:
        body = self.body
        if isinstance(body, PlacedDict) and str(step) in body.key_places:
            return Entry(body.get(str(step)), body.key_places[str(step)])
        if isinstance(body, PlacedList) and isinstance(step, int) and step < len(body):
            return Entry(body[step], body.places[step])
        return None

    def holds(self, step: object) -> bool:
        """Whether the body has that key or index."""
        return self._down(step) is not None


@dataclass(frozen=True, slots=True)
class Written:
    """The sections of all files: section -> id -> Entry. The section `program` has the one id `program`.

    Of those in `unreadable`, some file holds something else than entries, so that nobody knows which there are.
    """

    sections: Mapping[str, Mapping[str, Entry]] = field(default_factory=dict)
    unreadable: frozenset[str] = frozenset()
    called: Called = field(default_factory=Called)

    def ids(self, section: str) -> AbstractSet[str]:
        """Every id that a section names, whether or not its body is right."""
        return self.sections.get(section, {}).keys()

    def absent(self, section: str) -> bool:
        """Whether there is no such section: every name in it would be unknown, which is worth saying once."""
        return not self.ids(section) and section not in self.unreadable

    def place(self, section: str, name: str, *path: object) -> Place:
        """The line of a key (or of the nearest thing around it that was written)."""
        return self.sections[section][name].find(path).place
