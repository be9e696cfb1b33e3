"""The difference between two states of a programme: what people would find changed on their calendars.

    compare     two states (a schedule and its feeds each) -> edits, by person and by calendar
    telling     edits in words, for a coordinator

It is told event by event, whatever rule or file brought it about; how a changed event is worded is `ircal.plan`'s.
"""

from ircal.difference.compare import Difference, Edit, State, compare
from ircal.difference.telling import counts, lines

__all__ = ["Difference", "Edit", "State", "compare", "counts", "lines"]
