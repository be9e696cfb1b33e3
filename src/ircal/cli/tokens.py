"""`token`: the secret links under which private feeds are subscribed to."""

from __future__ import annotations

import re
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from ircal.cli import Sentences, output
from ircal.cli.options import calendar_of, config_option, person_of, remember_config, settings_of
from ircal.cli.parameters import Text
from ircal.errors import IrcalError, ProgramError
from ircal.service import Leavers, owner_of
from ircal.store import open_store
from ircal.wiring.programmes import load_program

if TYPE_CHECKING:
    from ircal.settings import Settings
    from ircal.store import Token

_UNITS = {"d": "days", "h": "hours", "m": "minutes"}


class Span(click.ParamType[timedelta]):
    """A stretch of time written `7d`, `12h` or `30m`."""

    name = "span"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        """The stretch; usage error when it is none."""
        if isinstance(value, timedelta):
            return value
        found = re.fullmatch(r"(\d{1,4})([dhm])", value)
        if found is None:
            self.fail(f"'{value}' is not a stretch of time; write it as 7d, 12h or 30m", param, ctx)
        return timedelta(**{_UNITS[found[2]]: int(found[1])})


@click.group(cls=Sentences, epilog="Example: ircal token issue --calendar resident-ash")
@config_option
@click.pass_context
def token(ctx: click.Context, config: str | None) -> None:
    """Issue, rotate, list and revoke the secret links of feeds."""
    remember_config(ctx, config)


@token.command(epilog="Example: ircal token issue --calendar conference-mm --for ash")
@config_option
@click.option("--calendar", "name", type=Text(), required=True, metavar="ID", help="The calendar that the link opens.")
@click.option(
    "--for", "reader", type=Text(), metavar="PERSON", help="Whose link it is (default: whose calendar it is)."
)
def issue(config: str | None, name: str, reader: str | None) -> None:
    """Make a new secret link for a calendar and print it, this once: only its digest is kept.

    A person has one link for a calendar; `ircal token rotate` replaces it. It ends some days after they have left the
    programme. A link for nobody in particular, such as a front desk, does not end, and there may be many.
    """
    settings = settings_of(config)
    program = load_program(settings)
    calendar = calendar_of(program, name)
    person = person_of(program, reader).id if reader else owner_of(calendar)
    with closing(open_store(settings.store_url, programme=settings.programme)) as store:
        secret = store.issue_token(calendar.id, datetime.now(UTC), person)
    _give_out(secret, settings)
    output.note(f"For {program.people[person].name}." if person else "For nobody in particular: it does not end.")


def _give_out(secret: str, settings: Settings) -> None:
    output.say(f"{settings.http.base_url}/feeds/{secret}.ics")
    if settings.http.public_url is None and settings.http.host in {"0.0.0.0", "::"}:  # noqa: S104 compared, not bound
        output.note("Set IRCAL_HTTP__PUBLIC_URL to the address under which people reach it.")


@token.command(epilog="Example: ircal token rotate 3f9c2a1b04 --grace 7d")
@config_option
@click.argument("name", type=Text(), metavar="ID")
@click.option("--grace", type=Span(), metavar="SPAN", help="How long the old link still works, such as 7d or 12h.")
def rotate(config: str | None, name: str, grace: timedelta | None) -> None:
    """Make a new link in place of one that is named by its public id, and print it, this once.

    The old one opens nothing any more, at once or when its grace is over.
    """
    settings = settings_of(config)
    now = datetime.now(UTC)
    until = now + grace if grace else None
    with closing(open_store(settings.store_url, programme=settings.programme)) as store:
        secret = store.rotate_token(_secret_in(name), now, until)
    if secret is None:
        raise _not_in_use(name)
    _give_out(secret, settings)
    output.note(f"The old one works until {_instant(until)}." if until else "The old one opens nothing any more.")


@token.command("list", epilog="Example: ircal token list --format json")
@config_option
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", help="How to print it.")
def list_(config: str | None, form: str) -> None:
    """List the links by their public ids: calendar, whose, when issued, last used, and when it ends or ended.

    The last use is noted about once an hour. JSON is one object a line: id, calendar, person, issued, last_used,
    expires, revoked (RFC 3339 or null), state (live, expired, revoked).
    """
    settings = settings_of(config)
    with closing(open_store(settings.store_url, programme=settings.programme)) as store:
        tokens = store.tokens()
    leavers = _leavers(settings)
    ends = {each.id: leavers.end_of(each) if leavers else each.expires for each in tokens}
    if form == "json":
        for each in tokens:
            output.json_line(token_json(each, ends[each.id], datetime.now(UTC)))
    else:
        _table(tokens, ends)


def _leavers(settings: Settings) -> Leavers | None:
    """Who leaves when, if the programme can be read."""
    try:
        return Leavers.of(load_program(settings), settings.http.days_after_leaving)
    except ProgramError as error:
        output.note(f"{error.message} So it is not known here whose links end because they leave.")
        return None


def token_json(token: Token, end: datetime | None, now: datetime) -> dict[str, str | None]:
    """A link as machines read it; `end` is when it opens nothing any more."""
    return {
        "id": token.id,
        "calendar": token.calendar,
        "person": token.person,
        "issued": _rfc3339(token.issued),
        "last_used": _rfc3339(token.last_used),
        "expires": _rfc3339(end),
        "revoked": _rfc3339(token.revoked),
        "state": _state(token, end, now),
    }


def _state(token: Token, end: datetime | None, now: datetime) -> str:
    if token.revoked:
        return "revoked"
    return "expired" if end is not None and end <= now else "live"


def _table(tokens: list[Token], ends: dict[str, datetime | None]) -> None:
    from rich.table import Table

    table = Table(box=None, header_style="bold", pad_edge=False)
    for heading in ("Id", "Calendar", "For", "Issued", "Last used", "Ends", "State"):
        table.add_column(heading, no_wrap=True)
    for each in tokens:
        end = ends[each.id]
        state = _state(each, end, datetime.now(UTC))
        instants = (_instant(at) for at in (each.issued, each.last_used, each.revoked or end))
        table.add_row(each.id, each.calendar, each.person, *instants, state, style="" if state == "live" else "dim")
    output.table(table)
    if not tokens:
        output.note("No link has been issued yet.")


def _rfc3339(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat(timespec="seconds") if at else None


def _instant(at: datetime | None) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M}Z" if at else ""


@token.command(epilog="Example: ircal token revoke 3f9c2a1b04")
@config_option
@click.argument("name", type=Text(), metavar="ID")
def revoke(config: str | None, name: str) -> None:
    """Make a link open nothing more, by its public id (`ircal token list`) or by the link itself."""
    settings = settings_of(config)
    with closing(open_store(settings.store_url, programme=settings.programme)) as store:
        revoked = store.revoke_token(_secret_in(name), datetime.now(UTC))
    if not revoked:
        raise _not_in_use(name)
    output.note("Revoked. Whoever subscribed to it gets no more of the calendar.")


def _secret_in(name: str) -> str:
    """What names a token, also where somebody pastes the whole link."""
    return name.rpartition("/")[2].removesuffix(".ics")


def _not_in_use(name: str) -> IrcalError:
    told = f"No link with the id '{name}'" if re.fullmatch(r"[0-9a-f]{1,12}", name) else "No such link"
    return IrcalError(f"{told} is in use.", "`ircal token list` shows them.")
