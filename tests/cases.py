"""Cases that a domain expert can read: a text file with what is laid over a small programme, and what is told then.

    === people.yaml
    people: ...
    === told
    people.yaml:3: error: ...

With IRCAL_UPDATE_GOLDEN=1 the answers are written anew; the difference in git is what is reviewed.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path


class Folder(Protocol):
    """A configuration folder that a case can be laid over."""

    def write(self, name: str, text: str) -> object: ...


def is_told_as_written(case: Path, folder: Folder, tell: Callable[[], Iterable[object]]) -> None:
    """Lay the case over the folder, and hold what is then told against what it says."""
    given, expected = case.read_text().split("=== told\n")
    for part in given.split("=== ")[1:]:
        name, _, text = part.partition("\n")
        folder.write(name, text)
    told = "".join(f"{line}\n" for line in tell())
    if os.environ.get("IRCAL_UPDATE_GOLDEN"):
        case.write_text(f"{given}=== told\n{told}")
    assert told == expected
