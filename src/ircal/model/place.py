"""Where something stands in the configuration.

Every value of the programme remembers its Place, so that a problem, and later a calendar entry, can name the
file and line that a person has to open. A Place takes no part in the meaning of a value.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A file (relative to the configuration folder), a line from 1, and for tables a column's heading."""

    file: str
    line: int = 0
    column: str = ""

    def __str__(self) -> str:
        """`conferences.yaml:12`, or `blocks/2026-27.csv:4, column 7`."""
        line = f":{self.line}" if self.line else ""
        column = f", column {self.column}" if self.column else ""
        return f"{self.file}{line}{column}"


NOWHERE = Place("")
"""For values that were made in code rather than read from a file."""


class PlacedDict(dict[str, object]):
    """A mapping as read from a file, with its own Place and that of each of its keys."""

    def __init__(self, items: dict[str, object], place: Place, key_places: dict[str, Place]) -> None:
        super().__init__(items)
        self.place = place
        self.key_places = key_places

    def with_item(self, key: str, value: object) -> PlacedDict:
        """A copy that holds one more item, at the same places."""
        return PlacedDict({**self, key: value}, self.place, self.key_places)
