"""What can go wrong, as a tree. Every error that reaches a person is one of these.

    IrcalError
    ├── ProgramError        the configuration is wrong: all problems at once, each with its place
    ├── SettingsError       an environment setting is wrong or missing
    ├── RemoteError         Google (or what stands in for it) did not do what was asked
    │   ├── Unreachable     no answer: network, name, refused connection, time-out
    │   │   └── ServerFault an answer, but of no use: perhaps of this one calendar alone
    │   ├── Denied          credentials or access rights
    │   ├── RemoteMissing   the calendar does not exist, or is not shared with us
    │   ├── Throttled       too many requests: wait and try again
    │   ├── QuotaExhausted  a quota that waiting minutes does not refill
    │   ├── Conflict        the calendar changed under the plan: read and plan again
    │   ├── Refused         one event is not taken as it is, and never will be
    │   ├── Unwatchable     changes of a calendar are not told of, and never will be
    │   └── Stopped         we were told to stop
    ├── GuardRefused        a plan is dangerous and was not applied
    ├── StoreError          ircal's own memory cannot be read or written
    ├── TokenInUse          a person has a secret address for that calendar already
    ├── OutputError         standard output is full, or closed
    ├── PublishError        a feed cannot be written
    │   └── Undelivered     an object store gives no answer, or refuses
    ├── FeedUnreadable      what was published cannot be read back
    │   └── FeedUnreachable there is no answer, or not now
    ├── SheetUnreadable     a file with a block schedule is none, or cannot be written
    ├── ScheduleRefused     what a sheet says cannot be taken over: all problems at once, each with its cell
    └── RevisionUnreadable  git does not give what the configuration was

Nothing here knows how errors are shown: the doors turn them into advice and an exit code.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from ircal.model.place import Place

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Scope:
    """Whom and what a problem is about, by id, and on which days: stretches with first and last day, in order."""

    people: tuple[str, ...] = ()
    of: tuple[str, ...] = ()
    days: tuple[tuple[date, date], ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with the programme, told to the person who can mend it.

    `code` is stable and may be scripted against; `hint` says what would be right. What is found by comparing the plan
    with what is asked of it has a `scope`.
    """

    code: str
    message: str
    place: Place
    hint: str = ""
    severity: Severity = "error"
    scope: Scope | None = None

    def __str__(self) -> str:
        """`file:line: message (hint)`, the form that editors can jump from."""
        hint = f" ({self.hint})" if self.hint else ""
        return f"{self.place}: {self.severity}: {self.message}{hint} [{self.code}]"


class IrcalError(Exception):
    """The root: anything ircal tells a person about. `remedy` says what to do next."""

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy


class ProgramError(IrcalError):
    """The configuration is wrong; `problems` holds every fault found, in the order of their places."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda problem: (problem.place, problem.code, problem.message)))
        count = len(self.problems)
        message = f"The programme has {count} problem{'' if count == 1 else 's'}."
        super().__init__(message, f"Mend {'it' if count == 1 else 'them'} and run `ircal check`.")


class SettingsError(IrcalError):
    """An environment setting is wrong or missing."""


class RemoteError(IrcalError):
    """The remote calendar service did not do what was asked."""


class Unreachable(RemoteError):
    """No usable answer came: network, name resolution, refused connection, time-out, server fault."""


class ServerFault(Unreachable):
    """An answer came, and is of no use: a fault of the server, or no sense. Another calendar may fare better."""


class Denied(RemoteError):
    """The credentials are wrong, or lack the right to do this."""


class RemoteMissing(RemoteError):
    """The calendar does not exist for this account."""


class Throttled(RemoteError):
    """Too many requests; worth trying again after a pause."""


class QuotaExhausted(RemoteError):
    """A usage limit that refills in hours, not seconds."""


class Conflict(RemoteError):
    """What we are about to change is no longer what the plan saw."""


class Refused(RemoteError):
    """The calendar does not take an event as it is: it is of no use to send it again."""


class Unwatchable(RemoteError):
    """We cannot be told of the changes of a calendar, and have to ask: it is of no use to try again."""


class Stopped(RemoteError):
    """A signal asked us to end; what was begun is finished, the rest is left for the next run."""


class GuardRefused(IrcalError):
    """A plan was refused before its first write; the message has the numbers, the remedy the flag."""


class StoreError(IrcalError):
    """The store cannot be opened, read or written."""


class TokenInUse(IrcalError):
    """A person can have one secret address for a calendar, and has it."""


class OutputError(IrcalError):
    """What was asked for cannot be printed."""


class PublishError(IrcalError):
    """A feed file cannot be written."""


class Undelivered(PublishError):
    """An object store cannot be reached, or does not do what was asked."""


class FeedUnreadable(IrcalError):
    """What is published is not there, or is not a feed that can be read."""


class FeedUnreachable(FeedUnreadable):
    """There is no usable answer where a feed is published; worth trying again."""


class SheetUnreadable(IrcalError):
    """A file cannot be read as a sheet with a block schedule, or not be written."""


class ScheduleRefused(IrcalError):
    """A sheet cannot be taken over as it is; `problems` holds every fault found, in the order of the sheet."""

    def __init__(self, file: str, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        count = len(self.problems)
        message = f"{file} has {count} problem{'' if count == 1 else 's'}; nothing was changed."
        it = "it" if count == 1 else "them"
        super().__init__(message, f"Mend {it} in the sheet, save the sheet, and import it again.")


class RevisionUnreadable(IrcalError):
    """What the configuration was cannot be had from git."""
