"""Explanations: why something is on a calendar on a day, and why something else is not.

The engine has decided already, and its decisions leave their facts behind: the steps of an occurrence's provenance, the
attendance of a session with its reasons, the roster, what a rule left out. An explanation puts those facts into
sentences, each with the line that it comes from. Nothing is worked out a second time.

    explain         Schedule, Calendar, day -> Explanations: first what is there, then what is not
    ground          what the engine knows, gathered for one calendar and day
    there           the sentences of an entry that is there
    missing         what could have been expected there and is not: excused, moved, left out, swapped, away
    people          who is meant by an audience, and what is true of somebody, in words
    words           days, rules and lists in words

Pure, as the rules and the feeds are.
"""

from ircal.explain.explain import Explained, explain, schedule_window
from ircal.explain.explanation import Explanation, Sentence
from ircal.explain.ground import Known

__all__ = ["Explained", "Explanation", "Known", "Sentence", "explain", "schedule_window"]
