"""A desk on paper: a `SyncDesk` that keeps in memory what coordinators do, for tests of what the web makes of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from ircal.errors import GuardRefused, RemoteError, StoreError
from ircal.web.desk import CalendarState, JournalLine, PlanTold, RunTold

THEN = datetime(2026, 12, 1, 15, 17, tzinfo=UTC)
RUN = RunTold(
    "a1",
    "ash",
    "programme, page by hazel",
    THEN,
    THEN + timedelta(seconds=1.5),
    "done",
    created=3,
    deleted=1,
    calls=6,
    due=THEN - timedelta(seconds=2),
)
REFUSED = RunTold("a2", "all", "programme", THEN, THEN, "refused", error="120 of 300 events would be removed")
CHECKSUM = "0123456789abcdef"


def usual() -> dict[str, CalendarState]:
    """A calendar in each state that there is."""
    made = (
        CalendarState("ash", "IR: Amara Ash", "ash@example.org", "in step", last_run=RUN, last_change=RUN),
        CalendarState(
            "all", "Everything", "all@example.org", "guarded", REFUSED.error, last_run=REFUSED, last_change=RUN
        ),
        CalendarState(
            "birch", "IR: Tomasz Birch", "b@example.org", "pending", since=THEN, causes=("programme", "google")
        ),
        CalendarState("elm", "IR: Rafael Elm", "e@example.org", "running", last_run=replace(RUN, ended=None)),
        CalendarState("fir", "IR: <Nkechi> Fir", "f@example.org", "quarantined", held=("NESIR: <b>no</b>",)),
        CalendarState("hazel", "IR: Davit Hazel", "h@example.org", "failing", "Google does not answer."),
        CalendarState("larch", "IR: Kofi Larch", "l@example.org", "circuit open", "Google is not asked before 17:00."),
        CalendarState("oak", "IR: Joaquin Oak", "o@example.org", "unknown", "No run is remembered."),
    )
    return {each.id: each for each in made}


@dataclass
class PaperDesk:
    """What is asked of it is written down in `asked`."""

    states: dict[str, CalendarState] = field(default_factory=usual)
    asked: list[tuple[str, ...]] = field(default_factory=list)
    checksum: str = CHECKSUM
    marks: int = 0
    stopping: bool = False
    broken: RemoteError | None = None
    away: StoreError | None = None

    def calendars(self) -> tuple[CalendarState, ...]:
        if self.away:
            raise self.away
        return tuple(self.states.values())

    def runs(self, limit: int, calendar: str = "") -> tuple[RunTold, ...]:
        return tuple(each for each in (RUN, REFUSED) if calendar in {"", each.calendar})[:limit]

    def journal(self, limit: int, calendar: str = "") -> tuple[JournalLine, ...]:
        return (JournalLine(THEN, "ash", "create talk@small", "done", "a1", "Talk"),)[
            : limit if calendar in {"", "ash"} else 0
        ]

    def plan(self, calendar: str) -> PlanTold:
        state = self.states[calendar]
        if self.broken:
            return PlanTold(calendar, state.name, "", error=self.broken.message, remedy=self.broken.remedy)
        if state.state != "guarded":
            return PlanTold(calendar, state.name, f"{state.name}: everything is as it should be: 70 events")
        lines = ("  + 2026-12-02 12:00-13:00  Liver", "  - 2026-12-04 17:00-18:00  Boards <script>")
        headline = f"{state.name} ({calendar}): 1 to add, 0 to change, 1 to remove, 70 as they should be"
        return PlanTold(calendar, state.name, headline, lines, self.checksum, REFUSED.error)

    def resync(self, calendar: str = "", by: str = "") -> None:
        if calendar and calendar not in self.states:
            raise KeyError(calendar)
        self.asked.append(("resync", calendar, by))
        self.marks += 1

    def apply(self, calendar: str, checksum: str, by: str) -> RunTold:
        state = self.states[calendar]
        if self.broken:
            raise self.broken
        if checksum != self.checksum:
            raise GuardRefused("The plan is another one than the one you agreed to.", "Look at what would be done now.")
        self.asked.append(("apply", calendar, checksum, by))
        self.checksum = "f" * 16
        self.states[calendar] = replace(state, state="in step", why="")
        self.marks += 1
        return replace(RUN, id="a3", calendar=calendar, cause=f"applied by {by}")

    def mark(self) -> str | None:
        return None if self.stopping else str(self.marks)
