"""Webhooks: what others tell a process that serves, and what it takes that they do.

    /hooks/google   Google tells of changes on its calendars: where it can reach us, and may sign in
    /hooks/config   a git host tells of a push: where there is a secret

Both only make calendars due, or have the configuration looked at. Where Google cannot tell us, calendars are asked.
"""

from __future__ import annotations

import logging
import time
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ircal.errors import IrcalError, StoreError
from ircal.service.gathering import Gathering
from ircal.service.listening import Listening
from ircal.service.pulling import Pulling
from ircal.service.runs.holding import Holds
from ircal.service.runs.visits import Accounts
from ircal.service.watching import Watching
from ircal.settings import is_loopback
from ircal.web import ConfigHook, GoogleHook, WrongTries

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from datetime import datetime
    from threading import Event

    from ircal.service.pushing import Opened
    from ircal.service.triggers import Triggers
    from ircal.settings import Settings
    from ircal.store import Store
    from ircal.web import Hook

log = logging.getLogger(__name__)

GOOGLE, CONFIG = "/hooks/google", "/hooks/config"
CHANNELS = "*channels"
"""What is held by whoever looks after the channels, as calendars are; no calendar can be called so."""
_TENDED = 60.0
"""Seconds from one look at the channels to the next; it costs a question to the store."""
_LOOKED_AGAIN = 1.0
"""The same, for as long as it is not known which calendars there are."""


class Webhooks:
    """The hooks of a process, and the thread (`run`) that has Google use one.

    `calendars` gives the calendars that are pushed, Google's ids by ours, or None while that is not known; `url` is
    where the service is reached.
    """

    def __init__(  # noqa: PLR0913, PLR0917 made in one place
        self,
        settings: Settings,
        store: Store,
        triggers: Triggers,
        opened: Opened | None,
        calendars: Callable[[], Mapping[str, str] | None],
        url: str,
        clock: Callable[[], datetime],
    ) -> None:
        self.hooks: dict[str, Hook] = {}
        self._calendars = calendars
        self._accounts = Accounts(partial(opened, settings, store)) if opened else None
        self._watching: Watching | None = None
        self._holds = Holds(store, clock)
        self._gathering = Gathering(lambda changed: triggers.mark(changed, "google"))
        wrong = WrongTries(settings.http.wrong_per_minute)
        if self._accounts:
            accounts, address = self._accounts, hook_address(settings, url)
            self._watching = Watching(store, triggers, lambda: accounts.mine().channels(), address, clock)
            if address:
                self.hooks[GOOGLE] = GoogleHook(Listening(store, self._gathering.mark, clock), wrong)
        if secret := settings.hooks.config_secret:
            changed = Pulling(settings.config, triggers.look).changed if settings.hooks.git_pull else triggers.look
            self.hooks[CONFIG] = ConfigHook(secret.get_secret_value(), changed, time.time, wrong)
        self._said = ""

    def run(self, stop: Event) -> None:
        """Have Google tell us of changes, until stopped."""
        while self._watching and not stop.is_set():
            calendars = self._calendars()
            if calendars is not None:
                self._tend(self._watching, calendars)
            stop.wait(_LOOKED_AGAIN if calendars is None else _TENDED)

    def _tend(self, watching: Watching, calendars: Mapping[str, str]) -> None:
        """Look after the channels, unless another process does just now: two would open each of them twice."""
        try:
            with self._holds.one(CHANNELS) as hold:
                if hold:
                    watching.tend(calendars)
        except IrcalError as error:
            if str(error) != self._said:
                log.warning("Google cannot be asked to tell of changes: %s", error)
            self._said = str(error)
        except Exception:
            log.exception("Channels cannot be looked after; this is a fault of ircal.")

    def unheard(self) -> Collection[str] | None:
        """The calendars of which nobody tells us, which have to be asked; None for all."""
        calendars = self._calendars()
        if self._watching is None or calendars is None:
            return None
        try:
            return self._watching.unheard(calendars)
        except StoreError:
            return None

    def close(self) -> None:
        """Mark what waits, and let go of the account, once `run` has returned and no hook is called any more."""
        self._gathering.close()
        self._holds.close()
        if self._accounts:
            self._accounts.close()


def hook_address(settings: Settings, url: str) -> str | None:
    """Where Google can tell us of changes, if we are served at that URL; None where it cannot.

    That is https alone. A sandbox on this machine tells a service on this machine without it.
    """
    parts, root = urlsplit(url), urlsplit(settings.google.api_root)
    beside = is_loopback(parts.hostname or "") and is_loopback(root.hostname or "")
    return f"{url}{GOOGLE}" if parts.scheme == "https" or beside else None
