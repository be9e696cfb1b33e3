"""Ids by what people call the things: "Dr. Amara Ash", "Ash, Amara" or "Ash" for `ash`, whose name is Amara Ash."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_TITLES = frozenset({"dr", "prof", "professor", "md", "phd", "mr", "mrs", "ms"})


class Called:
    """The names of all entries of each section, each with the id that should be written in its place."""

    def __init__(self, named: Iterable[tuple[str, str, str]] = ()) -> None:
        """From section, name and id of each."""
        self._named = [(section, _words(name), own) for section, name, own in named]

    def id_of(self, text: str, section: str) -> str:
        """The one id that the text can mean: of the same name in any order, else of one that has all its words."""
        words = _words(text)
        named = [(name, own) for where, name, own in self._named if where == section and words and words <= name]
        found = {own for name, own in named if name == words} or {own for _, own in named}
        return found.pop() if len(found) == 1 else ""


def _words(name: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", name.casefold())) - _TITLES
