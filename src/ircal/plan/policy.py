"""Policy: which kinds of change may be made at all. A pure filter over a plan, after external-dns."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING

from ircal.plan.changes import Create, Update

if TYPE_CHECKING:
    from ircal.plan.plan import Plan


class Policy(StrEnum):
    """`sync` does everything, `upsert-only` never deletes, `create-only` neither deletes nor changes."""

    SYNC = "sync"
    UPSERT_ONLY = "upsert-only"
    CREATE_ONLY = "create-only"

    def filtered(self, plan: Plan) -> Plan:
        """The plan with what may be done; what may not is counted in `withheld`."""
        kept = tuple(change for change in plan.changes if isinstance(change, _ALLOWED[self]))
        return replace(plan, changes=kept, withheld=plan.withheld + len(plan.changes) - len(kept))


_ALLOWED: dict[Policy, type | tuple[type, ...]] = {
    Policy.SYNC: object,
    Policy.UPSERT_ONLY: (Create, Update),
    Policy.CREATE_ONLY: Create,
}
