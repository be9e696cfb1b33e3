"""The service's own work, remembered in a database."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Row, delete, func, or_, select, update

from ircal.store import schema
from ircal.store.connections import Connections, begins_with, insert_or
from ircal.store.dueness import Standing, begun, finished, raised
from ircal.store.figures import figures_of
from ircal.store.revisions import in_utc
from ircal.store.work import RUNS_KEPT, Channel, Due, KeptProgramme, Run

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime, timedelta

    from ircal.store.work import RunState

_due, _runs, _channels, _programmes = schema.due.c, schema.runs.c, schema.channels.c, schema.programmes.c
_holds = schema.holds.c

_totals = schema.totals.c

_RUN = tuple(_runs[each.name] for each in fields(Run))
_CHANNEL = tuple(_channels[each.name] for each in fields(Channel))


class WorkInDatabase(Connections):
    """The `Work` of a store that lasts."""

    def raise_due(self, calendars: Collection[str], cause: str, now: datetime) -> None:
        now = in_utc(now)
        if calendars:
            with self._writing() as connection:
                for calendar, standing in _standings(connection, calendars).items():
                    _stand(connection, calendar, raised(standing, cause, now))

    def due(self) -> list[Due]:
        wanted = select(schema.due).where(_due.raised > _due.done).order_by(_due.since, _due.calendar)
        with self._reading() as connection:
            return [_due_of(row) for row in connection.execute(wanted)]

    def begin_due(self, calendar: str) -> int | None:
        with self._writing() as connection:
            standing = _standing(connection, calendar)
            if standing is None or not standing.is_due:
                return None
            _stand(connection, calendar, begun(standing))
            return standing.raised

    def finish_due(self, calendar: str, generation: int) -> None:
        with self._writing() as connection:
            if standing := _standing(connection, calendar):
                _stand(connection, calendar, finished(standing, generation))

    def hold(self, calendar: str, holder: str, lasts: timedelta, now: datetime) -> bool:
        with self._writing() as connection:
            now = _now(connection, now)
            new = insert_or(connection, schema.holds).values(calendar=calendar, holder=holder, until=now + lasts)
            mine = new.on_conflict_do_update(
                index_elements=["calendar"],
                set_={"holder": new.excluded.holder, "until": new.excluded.until},
                where=or_(_holds.holder == holder, _holds.until <= now),
            )
            return connection.execute(mine.returning(_holds.calendar)).first() is not None

    def let_go(self, calendar: str, holder: str) -> None:
        with self._writing() as connection:
            connection.execute(delete(schema.holds).where(_holds.calendar == calendar, _holds.holder == holder))

    def held(self, now: datetime) -> set[str]:
        with self._reading() as connection:
            wanted = select(_holds.calendar).where(_holds.until > _now(connection, now))
            return set(connection.execute(wanted).scalars())

    def begin_run(self, run: Run) -> None:
        self.end_run(run)

    def end_run(self, run: Run) -> None:
        instants = {
            "began": in_utc(run.began),
            "ended": run.ended and in_utc(run.ended),
            "due": run.due and in_utc(run.due),
        }
        row = asdict(run) | instants
        with self._writing() as connection:
            new = insert_or(connection, schema.runs).values(row)
            told = {name: new.excluded[name] for name in row.keys() - {"id", "calendar"}}
            connection.execute(new.on_conflict_do_update(index_elements=["calendar", "id"], set_=told))
            _forget_old_runs(connection, run.calendar)
            _count(connection, run)

    def totals(self, within: str = "") -> dict[tuple[str, str], int]:
        wanted = select(_totals.calendar, _totals.figure, _totals.value).where(begins_with(_totals.calendar, within))
        with self._reading() as connection:
            rows = connection.execute(wanted)
            return {(calendar, figure): value for calendar, figure, value in rows}

    def runs(self, limit: int, calendar: str | None = None, within: str = "") -> list[Run]:
        wanted = select(*_RUN).order_by(_runs.number.desc()).limit(limit)
        wanted = wanted.where(begins_with(_runs.calendar, within))
        if calendar is not None:
            wanted = wanted.where(_runs.calendar == calendar)
        with self._reading() as connection:
            return [Run(**row) for row in connection.execute(wanted).mappings()]

    def last_runs(self, state: RunState | None = None, within: str = "") -> dict[str, Run]:
        newest = select(func.max(_runs.number)).where(begins_with(_runs.calendar, within)).group_by(_runs.calendar)
        if state is not None:
            newest = newest.where(_runs.state == state)
        with self._reading() as connection:
            rows = connection.execute(select(*_RUN).where(_runs.number.in_(newest))).mappings()
            return {row.calendar: Run(**row) for row in rows}

    def add_channel(self, channel: Channel) -> None:
        instants = {"opened": in_utc(channel.opened), "expires": in_utc(channel.expires)}
        row = {**asdict(channel), **instants, "stopped": channel.stopped and in_utc(channel.stopped)}
        with self._writing() as connection:
            new = insert_or(connection, schema.channels).values(row)
            told = {name: new.excluded[name] for name in row.keys() - {"id", "last_message"}}
            connection.execute(new.on_conflict_do_update(index_elements=["id"], set_=told))
            _note_message(connection, channel.id, channel.last_message)

    def channel(self, name: str) -> Channel | None:
        with self._reading() as connection:
            row = connection.execute(select(*_CHANNEL).where(_channels.id == name)).mappings().first()
        return Channel(**row) if row else None

    def channels(self, calendar: str | None = None, expired: datetime | None = None) -> list[Channel]:
        wanted = select(*_CHANNEL).order_by(_channels.expires, _channels.id)
        if calendar is not None:
            wanted = wanted.where(_channels.calendar == calendar)
        if expired is not None:
            wanted = wanted.where(_channels.expires <= in_utc(expired))
        with self._reading() as connection:
            return [Channel(**row) for row in connection.execute(wanted).mappings()]

    def note_message(self, name: str, number: int) -> bool:
        with self._writing() as connection:
            return _note_message(connection, name, number)

    def stop_channel(self, name: str, now: datetime) -> None:
        open_ = (_channels.id == name) & _channels.stopped.is_(None)
        now = in_utc(now)
        with self._writing() as connection:
            connection.execute(update(schema.channels).where(open_).values(stopped=now))

    def remove_channel(self, name: str) -> None:
        with self._writing() as connection:
            connection.execute(delete(schema.channels).where(_channels.id == name))

    def keep_programme(self, name: str, digest: str, body: bytes, now: datetime) -> None:
        row = {"digest": digest, "body": body, "kept": in_utc(now)}
        with self._writing() as connection:
            new = insert_or(connection, schema.programmes).values(name=name, **row)
            connection.execute(new.on_conflict_do_update(index_elements=["name"], set_=row))

    def programme_digest(self, name: str) -> str | None:
        with self._reading() as connection:
            return connection.execute(select(_programmes.digest).where(_programmes.name == name)).scalar()

    def programme(self, name: str) -> KeptProgramme | None:
        wanted = select(_programmes.digest, _programmes.body, _programmes.kept).where(_programmes.name == name)
        with self._reading() as connection:
            row = connection.execute(wanted).first()
        return KeptProgramme(row.digest, row.body, row.kept) if row else None


def _now(connection: Connection, now: datetime) -> datetime:
    """The time that all who share the database agree on: its own where they may be on several machines."""
    if connection.dialect.name == "sqlite":
        return in_utc(now)
    agreed: datetime = connection.execute(select(func.clock_timestamp())).scalar_one()
    return in_utc(agreed)


def _standings(connection: Connection, calendars: Collection[str]) -> dict[str, Standing]:
    """How it stands with each, locked until the transaction ends, in the order of their ids."""
    names = sorted(set(calendars))
    nothing = {"raised": 0, "begun": 0, "done": 0, "causes": "", "later_causes": ""}
    new = insert_or(connection, schema.due).on_conflict_do_nothing()
    connection.execute(new, [{"calendar": name, **nothing} for name in names])
    found = {name: _standing(connection, name) for name in names}
    return {name: standing for name, standing in found.items() if standing}


def _standing(connection: Connection, calendar: str) -> Standing | None:
    wanted = select(schema.due).where(_due.calendar == calendar).with_for_update()
    row = connection.execute(wanted).first()
    return _standing_of(row) if row else None


def _standing_of(row: Row[tuple[object, ...]]) -> Standing:
    causes, later = (tuple(text.splitlines()) for text in (row.causes, row.later_causes))
    return Standing(row.raised, row.begun, row.done, row.since, causes, row.later_since, later)


def _due_of(row: Row[tuple[object, ...]]) -> Due:
    return Due(row.calendar, row.raised, row.since, tuple(row.causes.splitlines()))


def _stand(connection: Connection, calendar: str, standing: Standing) -> None:
    causes = {"causes": "\n".join(standing.causes), "later_causes": "\n".join(standing.later_causes)}
    values = {**asdict(standing), **causes}
    connection.execute(update(schema.due).where(_due.calendar == calendar).values(values))


def _count(connection: Connection, run: Run) -> None:
    for figure, value in figures_of(run).items():
        new = insert_or(connection, schema.totals).values(calendar=run.calendar, figure=figure, value=value)
        more = {"value": _totals.value + new.excluded.value}
        connection.execute(new.on_conflict_do_update(index_elements=["calendar", "figure"], set_=more))


def _forget_old_runs(connection: Connection, calendar: str) -> None:
    of_it = select(_runs.number).where(_runs.calendar == calendar)
    first_old = of_it.order_by(_runs.number.desc()).offset(RUNS_KEPT).limit(1).scalar_subquery()
    last_done = select(func.max(_runs.number)).where(_runs.calendar == calendar, _runs.state == "done")
    kept = func.coalesce(last_done.scalar_subquery(), 0)
    old = (_runs.calendar == calendar) & (_runs.number <= first_old) & (_runs.number != kept)
    connection.execute(delete(schema.runs).where(old))


def _note_message(connection: Connection, name: str, number: int) -> bool:
    newer = (_channels.id == name) & (_channels.last_message < number)
    return connection.execute(update(schema.channels).where(newer).values(last_message=number)).rowcount > 0
