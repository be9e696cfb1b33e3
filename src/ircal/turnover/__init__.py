"""Class turnover: the next academic year, drafted beside the current one.

    change_over     who graduates, who moves up, how many come, and what there still is to do
    files           the new files of the configuration that such a draft begins with

Levels are nobody's to write: they follow from the day on which a resident entered, and so does graduation. What a
draft adds is places for those who come, an empty block schedule, and the day on which all of it is published
(`ircal.rules.publication`). No file that is there is touched.
"""

from ircal.turnover.change_over import ChangeOver, change_over, next_year
from ircal.turnover.files import files

__all__ = ["ChangeOver", "change_over", "files", "next_year"]
