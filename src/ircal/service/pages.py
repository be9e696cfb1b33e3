"""What the pages are made of: the ground of each edition, worked out beside the feeds, and the rules of this place."""

from __future__ import annotations

import logging
import os
import secrets
import threading
from typing import TYPE_CHECKING

from ircal.errors import IrcalError, SettingsError
from ircal.recall import Recall
from ircal.service.build import default_window, kept_years
from ircal.views import Ground
from ircal.views.ground import Published
from ircal.web import digest_of

if TYPE_CHECKING:
    from pathlib import Path

    from ircal.errors import Problem
    from ircal.service.book import Edition, FeedBook
    from ircal.settings import AdminSettings, Settings
    from ircal.web.pages import PageRules, Proxy

log = logging.getLogger(__name__)

_SECRET_FILE = "session.key"  # noqa: S105 a name
_SECRET_BYTES = 32


class PageBook:
    """A `PageSource` over a book of feeds."""

    def __init__(self, book: FeedBook) -> None:
        self._book = book
        self._recall = Recall()
        self._working = threading.Lock()
        self._made: tuple[Edition, Ground] | None = None

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is wrong with a newer configuration than the one in force."""
        return self._book.problems

    def ground(self) -> Ground | None:
        """The ground of the edition that is served; it takes a second or two when that is new."""
        edition, made = self._book.edition, self._made
        if made and made[0] is edition:
            return made[1]
        with self._working:
            return self._renewed()

    def prepare(self) -> None:
        """Work out what is new, so that nobody has to wait for it. Raises nothing."""
        try:
            self.ground()
        except Exception:
            log.exception("The pages cannot be worked out; this is a fault of ircal.")

    def _renewed(self) -> Ground | None:
        edition = self._book.edition
        if edition is None:
            return None
        if self._made is None or self._made[0] is not edition:
            self._made = edition, self._worked_out(edition)
            self._recall.turn()
        return self._made[1]

    def _worked_out(self, edition: Edition) -> Ground:
        shown, day = edition.wanted.shown, edition.wanted.day
        window = kept_years(shown, default_window(day, shown, 1))
        calendars = {name: Published(each.feed, each.last_modified) for name, each in edition.built.items()}
        return Ground.of(shown, window, calendars, day, self._recall)


def rules_of(settings: Settings, url: str, programme: str = "") -> PageRules:
    """The rules of a place that people reach at `url`, or of one programme there where there are several.

    Raises SettingsError for what cannot be meant, and IrcalError.
    """
    from ircal.web.pages import PageRules  # noqa: PLC0415 only those who serve shall wait for it

    http, admin = settings.http, settings.admin
    return PageRules(
        base_url=url,
        secret=_secret(settings),
        open_to_all=http.shows_pages,
        feeds_by_id=http.serves_by_id,
        password_hash=admin.hash_of(settings.programme or ""),
        proxy=_proxy(admin, http.proxies),
        session_seconds=round(admin.session_hours * 3600),
        wrong_per_minute=http.wrong_per_minute,
        api_token_digest=digest_of(admin.api_token.get_secret_value()) if admin.api_token else b"",
        programme=programme,
        has_own_password=programme in admin.own_hashes,
    )


def _proxy(admin: AdminSettings, trusted: tuple[str, ...]) -> Proxy | None:
    from ircal.web.pages import Proxy  # noqa: PLC0415 as above

    if admin.proxy_header is None:
        return None
    if not trusted:
        message = "IRCAL_ADMIN__PROXY_HEADER is set, and IRCAL_HTTP__TRUSTED_PROXIES does not say whose word it is."
        raise SettingsError(message, "Name the proxy's address: anybody else could write the header too.")
    if not admin.coordinators:
        message = "IRCAL_ADMIN__PROXY_HEADER is set, and IRCAL_ADMIN__PROXY_USERS does not say who are coordinators."
        raise SettingsError(message, "Name them, or write `*` for everybody whom the proxy lets through.")
    return Proxy(admin.proxy_header, admin.coordinators)


def _secret(settings: Settings) -> bytes:
    """What signs cookies: the setting, or a file in the state folder that is made, for its owner alone.

    Where nobody can sign in it signs nothing that must last, and where no file can be made it lasts as long as we run.
    """
    admin = settings.admin
    if admin.session_secret:
        return admin.session_secret.get_secret_value().encode()
    if not admin.has_passwords and admin.proxy_header is None:
        return secrets.token_bytes(_SECRET_BYTES)
    file = settings.state_dir / _SECRET_FILE
    try:
        _make(file)
        found = file.read_bytes()
    except OSError as error:
        log.warning(
            "%s cannot be made or read (%s): who signs in must do so again after a restart.", file, error.strerror
        )
        return secrets.token_bytes(_SECRET_BYTES)
    if len(found) < _SECRET_BYTES:
        raise IrcalError(f"{file} is too short to sign anything with.", "Remove it: another one is made.")
    return found


def _make(file: Path) -> None:
    """Make the file if it is not there; whole or not at all, also when two processes start at once."""
    if file.exists():
        return
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    new = file.with_name(f"{file.name}.{os.getpid()}.new")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as opened:
        opened.write(secrets.token_hex(_SECRET_BYTES).encode())
    try:
        os.link(new, file)
    except FileExistsError:
        pass
    finally:
        new.unlink()
