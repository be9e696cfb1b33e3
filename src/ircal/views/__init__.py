"""Views: what pages and the JSON API show, as values that are ready to be drawn and decide nothing any more.

The engine has worked everything out; a view gathers what one page is about, in the order in which it is read. Pages
put views into HTML, the API into JSON, so that both say the same.

    ground      everything that views are made of: one edition of the programme, and what follows from it

Pure, as the rules, checks and explanations are: today is an argument.
"""

from ircal.views.ground import Ground

__all__ = ["Ground"]
