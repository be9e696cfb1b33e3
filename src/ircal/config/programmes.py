"""Which programmes a folder holds: it is one itself, or its folders are programmes, each by the name of its folder.

A programme is a folder that has YAML files of its own. What else lies beside programmes is passed over, as hidden
folders are; a folder that would be one, were it not for its name, is told.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ircal.config.folder import TABLES, is_passed_over, is_yaml
from ircal.errors import Problem
from ircal.model.place import Place

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,59}")
"""What a programme may be called: it stands in addresses, and before the keys of the store."""


@dataclass(frozen=True, slots=True)
class Programmes:
    """The programmes' folders by name, in order; none for a folder that is one programme. And what cannot be one."""

    folders: Mapping[str, Path] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


def programmes_in(folder: Path) -> Programmes:
    """The programmes in a folder of several. A folder that cannot be read is one, and told when it is loaded."""
    if _has_yaml(folder):
        return Programmes()
    try:
        with os.scandir(folder) as entries:
            below = sorted(entry.name for entry in entries if entry.is_dir())
    except OSError:
        return Programmes()
    found = [name for name in below if not is_passed_over(name) and name not in _NEVER and _has_yaml(folder / name)]
    wrong = [name for name in found if not NAME.fullmatch(name)]
    return Programmes(
        {name: folder / name for name in found if name not in wrong}, tuple(_misnamed(name) for name in wrong)
    )


_NEVER = {*TABLES, "templates"}


def _has_yaml(folder: Path) -> bool:
    try:
        return any(is_yaml(path.name) and not is_passed_over(path.name) for path in folder.iterdir())
    except OSError:
        return False


def _misnamed(name: str) -> Problem:
    shown = os.fsencode(name).decode("utf-8", "backslashreplace")
    hint = "use letters, digits, hyphens and underscores, 60 at most"
    return Problem("bad-programme-name", f"no programme can be called '{shown}'", Place(shown), hint)
