"""Ids by what people call the things: "Dr. Amara Ash", "Ash, Amara" or "Ash" for `ash`, whose name is Amara Ash."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_TITLES = frozenset({"dr", "prof", "professor", "md", "phd", "mr", "mrs", "ms"})


class Called:
    """The names of all entries, each with the id that should be written in its place."""

    def __init__(self, named: Iterable[tuple[str, str]] = ()) -> None:
        self._ids: dict[frozenset[str], set[str]] = {}
        for name, own in named:
            self._ids.setdefault(_words(name), set()).add(own)

    def id_of(self, text: str) -> str:
        """The one id that the text can mean: of the same name in any order, else of one that has all its words."""
        words = _words(text)
        same = self._ids.get(words, set())
        longer = {own for name, ids in self._ids.items() if words and words <= name for own in ids}
        found = same if words and same else longer
        return next(iter(found)) if len(found) == 1 else ""


def _words(name: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", name.casefold())) - _TITLES
