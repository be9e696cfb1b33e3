"""Making presenters known: whose turn it is, written down so that it stays.

    schedule --(unannounced)--> rows by conference --(file_after)--> presenters/<conference>.csv

Whose turn it is follows from who has presented and who is there. So whatever changes (a resident who comes, a week that
is swapped, a sickness) may move all turns after it, also those that people were told of. What stands in `presenters/`
does not move. Also the past belongs there: turns are counted from it.
"""

from ircal.announcement.announcement import Row, file_after, file_of, unannounced

__all__ = ["Row", "file_after", "file_of", "unannounced"]
