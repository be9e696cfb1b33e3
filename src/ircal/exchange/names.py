"""Whom and what a cell means: the names that people write in a sheet.

There is no guessing. A person is meant by the id, the name, `Last, First`, or, where only one resident has them, by the
last name (`Birch`, `T. Birch`) or initials; a rotation or cycle by the id, the short name or the name. Capitals and the
spaces between words do not matter where no two differ in them alone. What is ambiguous is told with all that it may
mean, and what is unknown with the closest that there is.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ircal.wording import closest, quote

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ircal.model.people import Person
    from ircal.model.program import Program

Keys = dict[str, set[str]]
"""The ids that a text may stand for."""


class Unknown(Exception):
    """A text that means nothing, or more than one thing; in words, with what would be right. For this package alone."""

    def __init__(self, code: str, message: str, hint: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Names:
    """Ways to name things, the most certain first; `kind` is what a person calls such a thing."""

    kind: str
    code: str
    ways: tuple[Keys, ...]
    shown: tuple[str, ...]

    @classmethod
    def of_people(cls, program: Program) -> Names:
        """The names of everyone in the programme."""
        people = program.people.values()
        ways = (
            [(person.id, person.id) for person in people],
            [(person.name, person.id) for person in people],
            [(turned, person.id) for person in people for turned in _last_first(person)],
            [(short, person.id) for person in program.residents for short in _last_and_letter(person)],
            [(initials, person.id) for person in program.residents for initials in _initials(person)],
        )
        shown = [person.name for person in people] + [person.id for person in people]
        return cls("person", "unknown-person", _exact_and_folded(ways), tuple(shown))

    @classmethod
    def of_work(cls, program: Program) -> Names:
        """The names of rotations and cycles."""
        rotations, cycles = program.rotations.values(), program.cycles.values()
        ways = (
            [(each.id, each.id) for each in rotations] + [(each.id, each.id) for each in cycles],
            [(each.short, each.id) for each in rotations if each.short],
            [(each.name, each.id) for each in rotations] + [(each.name, each.id) for each in cycles if each.name],
        )
        shown = [name for way in ways for name, _ in way]
        return cls("rotation or cycle", "unknown-rotation", _exact_and_folded(ways), tuple(shown))

    def id_of(self, text: str) -> str:
        """The id that is meant. Raises Unknown."""
        found = self.meant(text)
        if len(found) == 1:
            return found[0]
        if found:
            raise Unknown("ambiguous-name", f"{quote(text)} may be {' or '.join(found)}", "write the id")
        raise Unknown(self.code, f"there is no {self.kind} {quote(text)}", closest(text, self.shown))

    def meant(self, text: str) -> Sequence[str]:
        """The ids that a text may mean, by the most certain way in which it means anything."""
        plain, folded = _plain(text), _plain(text).casefold()
        return next((sorted(way[key]) for way in self.ways for key in (plain, folded) if key in way), [])

    def best(self, known: str, *wanted: str) -> str:
        """The first of these texts that means this id and nothing else; else the id."""
        return next((text for text in wanted if text and _is_safe(text) and self.meant(text) == [known]), known)


def _exact_and_folded(ways: Iterable[list[tuple[str, str]]]) -> tuple[Keys, ...]:
    """Each way as it is written, all of them; then the same without regard to capitals."""
    listed = [[(_plain(name), known) for name, known in way] for way in ways]
    exact = tuple(_keys(way) for way in listed)
    return exact + tuple(_keys([(name.casefold(), known) for name, known in way]) for way in listed)


def _keys(pairs: Iterable[tuple[str, str]]) -> Keys:
    found: Keys = {}
    for name, known in pairs:
        found.setdefault(name, set()).add(known)
    return found


def _plain(text: str) -> str:
    """Accents in one form, one space between words."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def _last_first(person: Person) -> list[str]:
    """`Berg, Anna van den`, `van den Berg, Anna`: any division, for nobody else knows where the last name begins."""
    words = person.name.split()
    return [f"{' '.join(words[cut:])}, {' '.join(words[:cut])}" for cut in range(1, len(words))]


def _last_and_letter(person: Person) -> list[str]:
    """`Birch`, `T. Birch`, `Birch T`; of several last names all of them or the last."""
    first, *others = person.name.split()
    lasts = {" ".join(others), *others[-1:]} - {""}
    ways = ("{last}", "{letter}. {last}", "{letter} {last}", "{last}, {letter}.", "{last}, {letter}", "{last} {letter}")
    return [way.format(last=last, letter=first[0]) for last in sorted(lasts) for way in ways]


def _initials(person: Person) -> list[str]:
    letters = [word[0] for word in person.name.split()]
    return ["".join(letters), "".join(f"{letter}." for letter in letters), " ".join(f"{letter}." for letter in letters)]


def _is_safe(text: str) -> bool:
    """Whether a spreadsheet, and the reading of a cell, leave it what it is: no formula, number, division or note."""
    return not text.startswith(tuple("=+-@#\t'")) and not set("/:") & set(text) and not text[0].isdigit()
