"""Lists that nothing uses: what stands in such a file would be ignored in silence, most often for a mistyped name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ircal.errors import Problem
from ircal.model.place import Place
from ircal.wording import closest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ircal.config.draft import Draft


def check(draft: Draft) -> Iterator[Problem]:
    """Lists of topics and sessions that no conference names; of presenters, the rules tell."""
    if not draft.complete("conferences"):
        return
    program = draft.program
    for kind, lists in (("topics", program.topics), ("sessions", program.sessions)):
        used = {getattr(conference, kind) for conference in program.conferences.values()}
        for name in sorted(lists.keys() - used):
            message = f"no conference has `{kind}: {name}`, so that nothing of this file is used"
            hint = f"name it in its conference, or take it out; {closest(name, program.conferences)}"
            yield Problem("list-unused", message, Place(f"{kind}/{name}.csv"), hint)
