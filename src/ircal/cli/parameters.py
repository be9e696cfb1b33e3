"""What an option may be: each kind says in one sentence what is wrong with a value. Quick to import, for `--help`."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import click

FIRST_YEAR, LAST_YEAR = 1970, 2100
"""The years that a programme may be kept for, and so those that can be asked for."""


class Text(click.ParamType[str]):
    """A text that says something: an empty one is a variable of the shell that was never set."""

    name = "text"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The text; usage error when it is empty."""
        if not str(value).strip():
            self.fail("it is empty; give it a value, or leave the option out", param, ctx)
        return str(value)


class Word(click.Choice[str]):
    """One of some words; `_` is as good as `-`."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The word; usage error when it is none of them."""
        return super().convert(str(value).replace("_", "-"), param, ctx)


class Year(click.ParamType[int]):
    """A calendar year in which an academic year begins."""

    name = "year"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The year; usage error when it is none, or one that no programme is kept for."""
        try:
            year = int(value)
        except ValueError:
            self.fail(f"'{value}' is not a year; write it as 2026", param, ctx)
        if not FIRST_YEAR <= year <= LAST_YEAR:
            self.fail(f"{value} is not a year from {FIRST_YEAR} to {LAST_YEAR}", param, ctx)
        return year


class AcademicYear(Year):
    """An academic year, written 2028-29 or by the calendar year in which it begins; that calendar year."""

    name = "academic year"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The year; usage error when it is none, or one that no programme is kept for."""
        first, dash, second = str(value).partition("-")
        year = super().convert(first, param, ctx)
        if dash and second != f"{(year + 1) % 100:02}":
            self.fail(f"'{value}' is not an academic year; write it as 2028-29", param, ctx)
        return year


class Day(click.ParamType[date]):
    """A date written `2026-11-02`, or `today`."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The date; usage error when it is none, or in a year that no programme is kept for."""
        try:
            day = datetime.now(UTC).astimezone().date() if value == "today" else date.fromisoformat(value)
        except ValueError:
            self.fail(f"'{value}' is not a date; write it as 2026-11-02", param, ctx)
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            self.fail(f"{day} is not in a year from {FIRST_YEAR} to {LAST_YEAR}", param, ctx)
        return day
