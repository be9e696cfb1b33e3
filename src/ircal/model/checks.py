"""What a programme asks of its own plan (section `checks`): coverage, requirements, limits, and exceptions from them.

Nothing here makes or changes a calendar entry. It is what `ircal.checks` compares the plan with; a plan that falls
short is published all the same, and told. Whom something counts is said by an Audience, judged on each day:
`{rotation: icu}`, `{tag: nights, pgy: 2}`. Weeks are seven days.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from ircal.model.people import Audience
from ircal.model.recurrence import Season
from ircal.model.values import Id, Ids, Numbers, Value, Words, with_ids

Code = Literal[
    "coverage-high",
    "coverage-low",
    "draft-unfilled",
    "duty-left-out",
    "everybody-excused",
    "exam-unprotected",
    "holiday-undecided",
    "hours-over",
    "leave-blackout",
    "leave-over-budget",
    "moved-to-holiday",
    "moved-to-other-year",
    "no-free-day",
    "not-contiguous",
    "orphan-days",
    "patient-data",
    "presenter-away",
    "presenter-missing",
    "presenter-outside-pool",
    "presenter-swap-stale",
    "presenter-without-pool",
    "presenter-without-session",
    "required-on-leave",
    "requirement-short",
    "rest-short",
    "room-twice",
    "sessions-collide",
    "shift-long",
    "swap-idle",
    "swap-on-leave",
    "swap-unsound",
    "too-early",
    "too-late",
    "topic-without-session",
    "travel-short",
    "two-places",
    "unassigned",
]
"""What can be found, and be suppressed; each is explained in docs/reference/checks.md."""


EVERYONE = Audience(everyone=True)


class Dated(Value):
    """Something that holds from one day to another, both included; always unless they are given."""

    start: date | None = Field(default=None, alias="from")
    until: date | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.start and self.until and self.until < self.start:
            msg = f"ends on {self.until}, before it starts on {self.start}"
            raise ValueError(msg)
        return self

    def holds_on(self, day: date) -> bool:
        """Whether the day is one of those."""
        return (self.start is None or self.start <= day) and (self.until is None or day <= self.until)


class Named(Value):
    """An entry with an id, and a name for people."""

    id: Id
    name: str = ""

    @property
    def label(self) -> str:
        """What a person calls it."""
        return self.name or self.id


class Coverage(Named, Dated):
    """How many people at work match `count` on every working day: at least `min`, at most `max`."""

    count: Audience
    min: int = Field(default=0, ge=0)
    max: int | None = Field(default=None, ge=0)
    season: Season | None = None

    @model_validator(mode="after")
    def _asks_for_something(self) -> Self:
        if not self.min and self.max is None:
            msg = "coverage needs a `min`, a `max`, or both"
            raise ValueError(msg)
        if self.max is not None and self.max < self.min:
            msg = f"`max` {self.max} is less than `min` {self.min}"
            raise ValueError(msg)
        return self


class Requirement(Named):
    """What a resident must have done by graduation: so many weeks of what `count` matches, perhaps all in one piece.

    `audience` says whose graduation depends on it, judged on their last day. `done` holds the weeks of those who were
    here before the years that are kept.
    """

    count: Audience
    weeks: float = Field(gt=0, le=1000)
    contiguous: bool = False
    audience: Audience = EVERYONE
    done: dict[Id, Annotated[float, Field(ge=0, le=1000)]] = Field(default_factory=dict)


class Timing(Named, Dated):
    """When residents may be at what `count` matches: at some levels only, not before or after a date."""

    count: Audience
    pgy: Numbers = ()

    @model_validator(mode="after")
    def _limits_something(self) -> Self:
        if not self.pgy and self.start is None and self.until is None:
            msg = "timing needs `pgy`, `from` or `until`"
            raise ValueError(msg)
        return self


class Protection(Named):
    """Whoever a milestone concerns is at nothing that `never` matches in the weeks before it (an examination)."""

    milestone: Id
    weeks: int = Field(ge=1, le=52)
    never: Audience


class LeaveBudget(Named):
    """How many working days of some kinds of leave a resident has in an academic year."""

    kind: Words = Field(min_length=1)
    days: int = Field(ge=0, le=366)
    audience: Audience = EVERYONE


class Blackout(Named, Dated):
    """A time in which nobody takes leave of some kinds (of any, unless they are named)."""

    kind: Words = ()
    season: Season | None = None
    audience: Audience = EVERYONE

    @model_validator(mode="after")
    def _limits_something(self) -> Self:
        if self.season is None and self.start is None and self.until is None:
            msg = "a blackout needs a `season`, or `from` and `until`"
            raise ValueError(msg)
        return self


class Hours(Value):
    """Limits on working time, compared with an estimate from duties, rotation hours and required sessions.

    `rest` hours between two days' work, `shift` hours at a stretch, `week` hours on the average of four weeks,
    `free_days` in any four weeks.
    """

    rest: float | None = Field(default=None, gt=0, le=24)
    shift: float | None = Field(default=None, gt=0, le=48)
    week: float | None = Field(default=None, gt=0, le=168)
    free_days: int | None = Field(default=None, ge=1, le=28)


class Travel(Value):
    """How many minutes it takes from one site to another, and back."""

    between: tuple[Id, Id]
    minutes: int = Field(ge=1, le=1440)

    @model_validator(mode="after")
    def _two_sites(self) -> Self:
        if self.between[0] == self.between[1]:
            msg = "travel is between two different sites"
            raise ValueError(msg)
        return self


class Suppression(Dated):
    """Findings that somebody has looked at and accepts, with the reason.

    It is of one code, and of all its findings unless it says whom (`person`), about what (`of`: rotations, sites,
    conferences, entries of `checks`) or on which days (`from`, `until`) they must be. All that it says must hold.
    """

    code: Code
    person: Ids = ()
    of: Ids = ()
    reason: str = Field(min_length=1)
    by: str = ""


class Checks(Value):
    """Everything that the plan is compared with."""

    coverage: Annotated[dict[Id, Coverage], BeforeValidator(with_ids)] = Field(default_factory=dict)
    requirements: Annotated[dict[Id, Requirement], BeforeValidator(with_ids)] = Field(default_factory=dict)
    timing: Annotated[dict[Id, Timing], BeforeValidator(with_ids)] = Field(default_factory=dict)
    protection: Annotated[dict[Id, Protection], BeforeValidator(with_ids)] = Field(default_factory=dict)
    leave: Annotated[dict[Id, LeaveBudget], BeforeValidator(with_ids)] = Field(default_factory=dict)
    blackouts: Annotated[dict[Id, Blackout], BeforeValidator(with_ids)] = Field(default_factory=dict)
    hours: Hours = Hours()
    travel: tuple[Travel, ...] = ()
    suppress: tuple[Suppression, ...] = ()

    @model_validator(mode="after")
    def _each_way_once(self) -> Self:
        seen: set[frozenset[str]] = set()
        for way in self.travel:
            if (pair := frozenset(way.between)) in seen:
                msg = f"the way between {' and '.join(sorted(pair))} is there twice"
                raise ValueError(msg)
            seen.add(pair)
        return self
