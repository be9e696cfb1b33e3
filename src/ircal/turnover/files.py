"""The files that a draft begins with: new ones, so that nothing is lost of how others are laid out and explained."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ircal.turnover.change_over import ChangeOver

_HEAD = """\
# yaml-language-server: $schema=ircal.schema.json
#
# The academic year {year}, while it is being planned. Until the day `published`, no calendar shows anything of the
# files that have {year} in their names: this one, blocks/{year}.csv, and what is added (leave/{year}.csv ...).
#
# Levels follow from `entered`: everybody moves up, or graduates, without a word here. Give the new residents their own
# ids and names before that day, here and in the block schedule; an id does not change any more afterwards.
drafts:
  {year}: {{published: {published}}}
"""


def files(change: ChangeOver) -> Mapping[str, bytes]:
    """What they hold, by their names in the configuration, in the order in which they are to be written."""
    year = change.draft.id
    return {f"{year}.yaml": _yaml(change).encode(), f"blocks/{year}.csv": _block_schedule(change).encode()}


def _yaml(change: ChangeOver) -> str:
    text = _HEAD.format(year=change.draft.id, published=change.draft.published)
    if change.places:
        text += "people:\n"
    for person in change.places:
        text += f"  {person.id}: {{name: {person.name}, role: {person.role}, entered: {person.entered}}}\n"
    return text


def _block_schedule(change: ChangeOver) -> str:
    """A row for everyone who is there, with nothing in it."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["resident", *(block.number for block in change.blocks)])
    writer.writerows([person.id, *("" for _ in change.blocks)] for person in (*change.residents, *change.places))
    return out.getvalue()
