"""The statements about other people's calendars: what was read of them last, and what they would not take."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Connection, delete, insert, select

from ircal.store import schema
from ircal.store.protocol import Reading, Refusal
from ircal.store.revisions import in_utc

if TYPE_CHECKING:
    from collections.abc import Collection

_AT_ONCE = 400
"""Rows that one statement names; no database takes any number of parameters."""

_readings, _events, _quarantine = schema.readings.c, schema.read_events.c, schema.quarantine.c


def reading(connection: Connection, calendar: str) -> Reading | None:
    """What was read last."""
    token = connection.execute(select(_readings.token).where(_readings.calendar == calendar)).scalar()
    return None if token is None else Reading(token, _bodies(connection, calendar))


def _bodies(connection: Connection, calendar: str) -> dict[str, str]:
    rows = connection.execute(select(_events.id, _events.body).where(_events.calendar == calendar))
    return {row.id: row.body for row in rows}


def keep_reading(connection: Connection, calendar: str, found: Reading) -> None:
    """Keep what was read; only what is different is written."""
    connection.execute(delete(schema.readings).where(_readings.calendar == calendar))
    connection.execute(insert(schema.readings), {"calendar": calendar, "token": found.token})
    known = _bodies(connection, calendar)
    changed = {name: body for name, body in found.events.items() if known.get(name) != body}
    _drop(connection, calendar, [name for name in known if name in changed or name not in found.events])
    if changed:
        rows = [{"calendar": calendar, "id": name, "body": body} for name, body in changed.items()]
        connection.execute(insert(schema.read_events), rows)


def _drop(connection: Connection, calendar: str, names: list[str]) -> None:
    for first in range(0, len(names), _AT_ONCE):
        some = names[first : first + _AT_ONCE]
        connection.execute(delete(schema.read_events).where(_events.calendar == calendar, _events.id.in_(some)))


def forget_reading(connection: Connection, calendar: str) -> None:
    """Forget what was read."""
    connection.execute(delete(schema.readings).where(_readings.calendar == calendar))
    connection.execute(delete(schema.read_events).where(_events.calendar == calendar))


def refusals(connection: Connection, calendar: str) -> dict[str, Refusal]:
    """What a calendar would not take."""
    rows = connection.execute(select(schema.quarantine).where(_quarantine.calendar == calendar))
    return {row.uid: Refusal(row.content, row.reason, row.since) for row in rows}


def refuse(connection: Connection, calendar: str, uid: str, refusal: Refusal) -> None:
    """Remember one refusal."""
    admit(connection, calendar, [uid])
    row = {"calendar": calendar, "uid": uid, "content": refusal.content, "reason": refusal.reason}
    connection.execute(insert(schema.quarantine), row | {"since": in_utc(refusal.since)})


def admit(connection: Connection, calendar: str, uids: Collection[str] | None) -> None:
    """Forget refusals."""
    if uids is None:
        connection.execute(delete(schema.quarantine).where(_quarantine.calendar == calendar))
        return
    for uid in uids:
        connection.execute(delete(schema.quarantine).where(_quarantine.calendar == calendar, _quarantine.uid == uid))
