"""The store that lasts, in SQLite or PostgreSQL: the contract's verbs as statements, and nothing of their law."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, Row, and_, bindparam, delete, func, insert, or_, select, update

from ircal.model.series import Outline, Revision
from ircal.store import remembered, schema
from ircal.store.connections import begins_with, insert_or
from ircal.store.engine import log_ahead, make_engine, read_url
from ircal.store.faults import place_of, told_as_store_error
from ircal.store.laying import lay_tables
from ircal.store.protocol import JournalEntry, Reading, Refusal, Token
from ircal.store.revisions import GONE, KEEP, Remembered, answer, in_utc, revised
from ircal.store.scoped import ScopedStore
from ircal.store.secret import digest_of, new_secret, public_id, taken
from ircal.store.work_database import WorkInDatabase

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping
    from datetime import datetime, timedelta

    from sqlalchemy import ColumnElement

    from ircal.model.series import Revised, Said
    from ircal.store.protocol import Store

_REMEMBERED = ("digest", "sequence", "changed", "outline", "ends")
"""The columns of a UID that change."""

_LOOKED_UP = 500
"""More UIDs than this are not looked up one by one; no database takes any number of parameters."""

_TOKEN = tuple(schema.tokens.c[each.name] for each in fields(Token))
"""The columns that make a `Token`, in the order of its fields."""


def open_store(
    url: str,
    *,
    mint: Callable[[], str] = new_secret,
    patience: float = 5.0,
    keep: timedelta = KEEP,
    programme: str | None = None,
) -> Store:
    """The store at a database's address (`sqlite:///path`, `postgresql://user:password@host/name`).

    The folder, the file and the tables are made where they are missing. `mint` makes the secrets of the feed tokens,
    `patience` is how many seconds to wait for another writer, `keep` how long what was removed is told. With
    `programme`, that programme's part of it. Raises StoreError.
    """
    whole = DatabaseStore(make_engine(read_url(url), patience), mint, keep)
    return ScopedStore(whole, programme) if programme else whole


class DatabaseStore(WorkInDatabase):
    """A `Store` in a database."""

    def __init__(self, engine: Engine, mint: Callable[[], str], keep: timedelta) -> None:
        super().__init__(engine)
        self._mint = mint
        self._keep = keep
        try:
            with self._writing() as connection:
                lay_tables(connection, place_of(engine.url))
            with told_as_store_error(engine.url):
                log_ahead(engine)
        except BaseException:
            engine.dispose()
            raise

    def revise(self, calendar: str, said: Said, now: datetime, baseline: datetime) -> Revised:
        return self.revise_all({calendar: said}, now, baseline)[calendar]

    def revise_all(self, said: Mapping[str, Said], now: datetime, baseline: datetime) -> dict[str, Revised]:
        after = {}
        with self._writing() as connection:
            known = _known(connection, said)
            for calendar, what in said.items():
                after[calendar] = revised(known[calendar], what, now, baseline, self._keep)
            _remember(connection, known, after)
        return {calendar: answer(after[calendar], what) for calendar, what in said.items()}

    def issue_token(self, calendar: str, now: datetime, person: str = "") -> str:
        with self._writing() as connection:
            return self._add(connection, calendar, in_utc(now), person)

    def _add(self, connection: Connection, calendar: str, now: datetime, person: str) -> str:
        secret = self._mint()
        digest = digest_of(secret)
        row = {"digest": digest, "id": public_id(digest), "calendar": calendar, "issued": now, "person": person}
        new = insert_or(connection, schema.tokens).values(row)
        new = new.on_conflict_do_nothing(index_elements=["person", "calendar"], index_where=schema.THE_ONLY_ONE)
        if connection.execute(new.returning(schema.tokens.c.id)).first() is None:
            same = (schema.tokens.c.person == person) & (schema.tokens.c.calendar == calendar)
            [first] = connection.execute(select(*_TOKEN).where(same, schema.THE_ONLY_ONE)).mappings()
            raise taken(Token(**first))
        return secret

    def rotate_token(self, token: str, now: datetime, until: datetime | None = None) -> str | None:
        columns = schema.tokens.c
        now = in_utc(now)
        ended = {"expires": in_utc(until)} if until else {"revoked": now}
        live = columns.revoked.is_(None) & columns.expires.is_(None)
        end = update(schema.tokens).where(_is_named(token), live).values(ended)
        with self._writing() as connection:
            old = connection.execute(end.returning(columns.calendar, columns.person)).first()
            return self._add(connection, old.calendar, now, old.person) if old else None

    def revoke_token(self, token: str, now: datetime) -> bool:
        columns = schema.tokens.c
        now = in_utc(now)
        live = columns.revoked.is_(None) & or_(columns.expires.is_(None), columns.expires > now)
        with self._writing() as connection:
            revoke = update(schema.tokens).where(_is_named(token), live).values(revoked=now)
            return connection.execute(revoke).rowcount > 0

    def tokens(self) -> list[Token]:
        columns = schema.tokens.c
        with self._reading() as connection:
            rows = connection.execute(select(*_TOKEN).order_by(columns.issued, columns.id)).mappings().all()
        return [Token(**row) for row in rows]

    def live_tokens(self) -> list[tuple[str, Token]]:
        columns = schema.tokens.c
        wanted = select(columns.digest, *_TOKEN).where(columns.revoked.is_(None))
        with self._reading() as connection:
            rows = connection.execute(wanted).all()
        return [(digest, Token(*fields)) for digest, *fields in rows]

    def tokens_mark(self) -> tuple[int, int, int]:
        columns = schema.tokens.c
        wanted = select(func.count(), func.count(columns.revoked), func.count(columns.expires))
        with self._reading() as connection:
            every, revoked, ending = connection.execute(wanted.select_from(schema.tokens)).one()
        return every, revoked, ending

    def note_uses(self, uses: Mapping[str, datetime]) -> None:
        if uses:
            named = schema.tokens.c.id == bindparam("name")
            note = update(schema.tokens).where(named).values(last_used=bindparam("at", type_=schema.Instant))
            with self._writing() as connection:
                connection.execute(note, [{"name": name, "at": in_utc(used)} for name, used in uses.items()])

    def reading(self, calendar: str) -> Reading | None:
        with self._reading() as connection:
            return remembered.reading(connection, calendar)

    def keep_reading(self, calendar: str, reading: Reading) -> None:
        with self._writing() as connection:
            remembered.keep_reading(connection, calendar, reading)

    def forget_reading(self, calendar: str) -> None:
        with self._writing() as connection:
            remembered.forget_reading(connection, calendar)

    def refusals(self, calendar: str) -> dict[str, Refusal]:
        with self._reading() as connection:
            return remembered.refusals(connection, calendar)

    def refuse(self, calendar: str, uid: str, refusal: Refusal) -> None:
        with self._writing() as connection:
            remembered.refuse(connection, calendar, uid, refusal)

    def admit(self, calendar: str, uids: Collection[str] | None = None) -> None:
        with self._writing() as connection:
            remembered.admit(connection, calendar, uids)

    def record(self, *entries: JournalEntry) -> None:
        rows = [{**asdict(entry), "at": in_utc(entry.at)} for entry in entries]
        if rows:
            with self._writing() as connection:
                connection.execute(insert(schema.journal), rows)

    def journal(self, limit: int, calendar: str | None = None, within: str = "") -> list[JournalEntry]:
        columns = schema.journal.c
        wanted = select(columns.at, columns.calendar, columns.change, columns.outcome, columns.run)
        wanted = wanted.where(begins_with(columns.calendar, within))
        if calendar is not None:
            wanted = wanted.where(columns.calendar == calendar)
        with self._reading() as connection:
            rows = connection.execute(wanted.order_by(columns.number.desc()).limit(limit)).mappings().all()
        return [JournalEntry(**row) for row in rows]

    def open_circuit(self, name: str, until: datetime, reason: str) -> None:
        with self._writing() as connection:
            new = insert_or(connection, schema.circuits).values(name=name, until=in_utc(until), reason=reason)
            told = {"until": new.excluded.until, "reason": new.excluded.reason}
            connection.execute(new.on_conflict_do_update(index_elements=["name"], set_=told))

    def circuit(self, name: str) -> tuple[datetime, str] | None:
        columns = schema.circuits.c
        with self._reading() as connection:
            row = connection.execute(select(columns.until, columns.reason).where(columns.name == name)).first()
        return (row.until, row.reason) if row else None

    def end_session(self, digest: str, until: datetime, now: datetime) -> None:
        columns = schema.ended_sessions.c
        with self._writing() as connection:
            connection.execute(delete(schema.ended_sessions).where(columns.until <= in_utc(now)))
            new = insert_or(connection, schema.ended_sessions).values(digest=digest, until=in_utc(until))
            connection.execute(new.on_conflict_do_nothing())

    def has_ended(self, digest: str) -> bool:
        columns = schema.ended_sessions.c
        with self._reading() as connection:
            return connection.execute(select(columns.digest).where(columns.digest == digest)).first() is not None

    def close(self) -> None:
        self._engine.dispose()


def _is_named(token: str) -> ColumnElement[bool]:
    """The row of the token that is named by its public id or by its secret."""
    return or_(schema.tokens.c.id == token, schema.tokens.c.digest == digest_of(token))


def _known(connection: Connection, said: Mapping[str, Said]) -> dict[str, dict[str, Remembered] | None]:
    """What is remembered of each calendar; None, and from now on not None, for one that was never seen.

    Of one that says only what is different, at least that and what was removed.

    The calendars' rows are locked until the transaction ends, in the order of their ids, so that two runs cannot both
    revise one. (SQLite has one writer at a time anyhow.)
    """
    if not said:
        return {}
    ids = schema.calendars.c.id
    every = [{"id": calendar} for calendar in sorted(said)]
    new = insert_or(connection, schema.calendars).values(every).on_conflict_do_nothing().returning(ids)
    fresh = set(connection.execute(new).scalars())
    connection.execute(select(ids).where(ids.in_(sorted(said))).order_by(ids).with_for_update()).all()
    known: dict[str, dict[str, Remembered] | None] = {calendar: None if calendar in fresh else {} for calendar in said}
    for row in _rows(connection, {calendar: _named(what) for calendar, what in said.items() if calendar not in fresh}):
        remembered = known[row.calendar]
        if remembered is not None:
            remembered[row.uid] = _remembered(row)
    return known


def _rows(connection: Connection, named: Mapping[str, set[str] | None]) -> Iterator[Row[tuple[object, ...]]]:
    """The rows of some calendars: all, or, where only some UIDs are named, at least those and what was removed."""
    columns = schema.revisions.c
    few = {calendar: uids for calendar, uids in named.items() if uids is not None}
    uids = sorted(set().union(*few.values()))
    if len(uids) > _LOOKED_UP:
        few = {}
    whole = select(schema.revisions).where(columns.calendar.in_(sorted(named.keys() - few.keys())))
    told = and_(columns.digest == GONE, columns.outline.is_not(None))
    part = select(schema.revisions).where(columns.calendar.in_(sorted(few)), or_(columns.uid.in_(uids), told))
    if named.keys() - few.keys():
        yield from connection.execute(whole)
    if few:
        yield from connection.execute(part)


def _named(said: Said) -> set[str] | None:
    return None if said.gone is None else {*said.digests, *said.gone}


def _remembered(row: Row[tuple[object, ...]]) -> Remembered:
    outline = Outline(row.outline, row.ends) if row.outline is not None else None
    return Remembered(row.digest, Revision(row.sequence, row.changed), outline)


def _remember(
    connection: Connection,
    known: Mapping[str, Mapping[str, Remembered] | None],
    after: Mapping[str, Mapping[str, Remembered]],
) -> None:
    """Write down what is not as it was known, by calendar and UID."""
    rows = [
        {"calendar": calendar, "uid": uid, "digest": entry.digest}
        | {"sequence": entry.revision.sequence, "changed": entry.revision.changed}
        | {"outline": entry.outline and entry.outline.text, "ends": entry.outline and entry.outline.ends}
        for calendar, entries in sorted(after.items())
        for uid, entry in entries.items()
        if (known[calendar] or {}).get(uid) != entry
    ]
    if rows:
        new = insert_or(connection, schema.revisions)
        columns = {name: new.excluded[name] for name in _REMEMBERED}
        connection.execute(new.on_conflict_do_update(index_elements=["calendar", "uid"], set_=columns), rows)
