"""Views: what pages and the JSON API show, as values that are ready to be drawn and decide nothing any more.

The engine has worked everything out; a view gathers what one page is about, in the order in which it is read. Pages
put views into HTML, the API into JSON, the terminal into lines, so that all say the same.

    ground          everything that views are made of: one edition of the programme, and what follows from it
    schedule        residents by weeks or days; with `span` (columns), `rows` (bars), `week` (duties) and
                    `notices` (what checks found)
    agenda          the days of a person; with `person` (now and next), `why` (explanations), `subscribe` (their feed)
    rotation        who is on it when
    conferences     the sessions of the coming weeks by series, with names or without
    coverage        who is where week by week, holes and surplus
    balance         how evenly the plan is spread, how far it takes everybody
    checked         every problem with its place, and the plan at a glance
    changes         what a changed schedule would change, by person and calendar

Pure, as the rules, checks and explanations are: today is an argument.
"""

from ircal.views.ground import Ground
from ircal.views.schedule import Filter, Schedule, schedule_of

__all__ = ["Filter", "Ground", "Schedule", "schedule_of"]
