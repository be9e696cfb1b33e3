"""What is remembered in the store of one Google calendar, as the remote and the sync ask for it."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ircal.errors import StoreError
from ircal.store import Reading, Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ircal.store import Store

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class StoreMemory:
    """Remembers in the store what was read of one Google calendar. A store that fails is one that has forgotten."""

    store: Store
    place: str

    def recall(self) -> tuple[str, Mapping[str, str]] | None:
        """What was read last."""
        try:
            found = self.store.reading(self.place)
        except StoreError as error:
            log.warning("What was read of %s cannot be recalled: %s", self.place, error)
            return None
        return (found.token, found.events) if found else None

    def keep(self, token: str, events: Mapping[str, str]) -> None:
        """Keep what was read now."""
        try:
            self.store.keep_reading(self.place, Reading(token, events))
        except StoreError as error:
            log.warning("What was read of %s cannot be remembered: %s", self.place, error)


@dataclass(frozen=True, slots=True)
class StoreQuarantine:
    """Remembers in the store what one Google calendar would not take."""

    store: Store
    place: str

    def refused(self) -> dict[str, tuple[str, str]]:
        """By UID, the content and the reason."""
        return {uid: (each.content, each.reason) for uid, each in self.store.refusals(self.place).items()}

    def hold(self, uid: str, content: str, reason: str) -> None:
        """Remember that this was refused."""
        self.store.refuse(self.place, uid, Refusal(content, reason, datetime.now(UTC)))

    def release(self, uid: str) -> None:
        """Forget it."""
        self.store.admit(self.place, [uid])
