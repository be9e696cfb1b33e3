"""The plan: what would be written to a calendar, as a value that can be read, compared and refused before it is done.

A calendar edge tells which events on it are ours (`Owned`). `make_plan` compares them with the Series that the
programme wants and gives a `Plan` of `Create`, `Update` and `Delete`; a `Policy` may hold some of them back, and a
`Guard` refuses a plan that looks like an accident. Nothing here knows Google, a clock or a network.

    changes      what we know of the other side, and the three kinds of change
    drift        what somebody else did to our events, and what becomes of it
    occasions    which starts a Series has, when it ends, and what its exceptions should be
    telling      a change in words, for a coordinator; `markdown` has a heading for each date
    plan         the Plan and how it is made
    quarantine   what a calendar refused is not sent again while it would say the same
    policy, guard, and `soon`: what becomes of the next hours
"""

from ircal.plan.changes import Change, Create, Delete, Owned, OwnedException, Update
from ircal.plan.drift import Drift
from ircal.plan.guard import Guard
from ircal.plan.markdown import markdown_of
from ircal.plan.occasions import Repair, moment, repairs, span, taking_place
from ircal.plan.plan import Plan, checksum_of, make_plan
from ircal.plan.policy import Policy
from ircal.plan.quarantine import Held, content_of, holding, titled
from ircal.plan.telling import text_of

__all__ = [
    "Change",
    "Create",
    "Delete",
    "Drift",
    "Guard",
    "Held",
    "Owned",
    "OwnedException",
    "Plan",
    "Policy",
    "Repair",
    "Update",
    "checksum_of",
    "content_of",
    "holding",
    "make_plan",
    "markdown_of",
    "moment",
    "repairs",
    "span",
    "taking_place",
    "text_of",
    "titled",
]
