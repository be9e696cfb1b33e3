"""What commands with `--apply` have in common: files of the programme, written and told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ircal.cli import output
from ircal.publish import write_file

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def write_into(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files into a programme's folder, by their names from there, and say so. Raises PublishError."""
    for file, data in files.items():
        path = folder / file
        path.parent.mkdir(exist_ok=True)
        write_file(path, data)
        output.say(f"{path}: written.")
