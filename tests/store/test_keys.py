"""What is known of the tokens in memory: how fresh it is, and what holds when the store does not answer."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ircal.store import KeyRing, MemoryStore, Store, Token, open_store
from ircal.store.secret import digest_of

NOW = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)


@dataclass
class Clock:
    """A clock in seconds that stands still unless a test moves it."""

    seconds: float = 100.0

    def __call__(self) -> float:
        return self.seconds


def known(keys: KeyRing, secret: str) -> bool:
    return keys.find(secret, NOW) is not None


def test_what_is_known_stays_so_until_it_is_stale_and_looked_at(store: Store) -> None:
    clock = Clock()
    keys = KeyRing(store, clock)
    secret = store.issue_token("ada", NOW)
    assert (keys.is_stale(), known(keys, secret)) == (False, False)
    clock.seconds += 0.25
    assert (keys.is_stale(), known(keys, secret)) == (True, False)
    keys.look()
    assert (keys.is_stale(), known(keys, secret)) == (False, True)
    store.revoke_token(secret, NOW)
    clock.seconds += 0.25
    assert keys.is_stale()
    keys.look()
    assert not known(keys, secret)


def test_a_look_at_the_same_reads_no_token(store: Store) -> None:
    clock = Clock()
    keys = KeyRing(store, clock)
    secret = store.issue_token("ada", NOW)
    keys.look()
    before = keys.find(secret, NOW)
    keys.look()
    assert keys.find(secret, NOW) is before


def test_the_last_use_is_noted_at_most_once_an_hour(store: Store) -> None:
    secret = store.issue_token("ada", NOW)
    keys = KeyRing(store)
    noted = []
    for minutes in (0, 59, 60, 61, 30, 119, 121):
        token = keys.find(secret, NOW)
        assert token is not None
        keys.note_use(token, NOW + timedelta(minutes=minutes))
        keys.write_uses()
        noted += [each.last_used for each in store.tokens()]
    hour = timedelta(hours=1)
    assert noted == [NOW, NOW, NOW + hour, NOW + hour, NOW + hour, NOW + hour, NOW + timedelta(minutes=121)]


def test_a_use_that_another_process_noted_counts(store: Store) -> None:
    secret = store.issue_token("ada", NOW)
    store.note_uses({store.tokens()[0].id: NOW})
    keys = KeyRing(store)
    token = keys.find(secret, NOW)
    assert token is not None
    keys.note_use(token, NOW + timedelta(minutes=59))
    keys.write_uses()
    assert [each.last_used for each in store.tokens()] == [NOW]


# ----------------------------------------------------------------------------------------- a store that does not answer


@pytest.fixture
def file(tmp_path: Path) -> Iterator[tuple[Store, sqlite3.Connection]]:
    """A store in a file, and a connection that may harm it."""
    store = open_store(f"sqlite:///{tmp_path}/ircal.db")
    other = sqlite3.connect(tmp_path / "ircal.db", isolation_level=None)
    yield store, other
    other.close()
    store.close()


def test_while_the_store_cannot_be_asked_the_known_links_stay(
    file: tuple[Store, sqlite3.Connection], caplog: pytest.LogCaptureFixture
) -> None:
    store, other = file
    secret = store.issue_token("ada", NOW)
    clock = Clock()
    keys = KeyRing(store, clock)
    other.execute("ALTER TABLE tokens RENAME TO away")
    for _ in range(3):
        clock.seconds += 1
        keys.look()
    assert (known(keys, secret), keys.is_stale()) == (True, False)
    warnings = [record.getMessage() for record in caplog.records]
    assert [text.endswith("The links that are known stay as they are.") for text in warnings] == [True]

    other.execute("ALTER TABLE away RENAME TO tokens")
    store.revoke_token(secret, NOW)
    clock.seconds += 1
    keys.look()
    assert not known(keys, secret)


def test_uses_that_cannot_be_written_are_let_go(file: tuple[Store, sqlite3.Connection]) -> None:
    store, other = file
    keys = KeyRing(store)
    secret = store.issue_token("ada", NOW)
    keys.look()
    token = keys.find(secret, NOW)
    assert token is not None
    keys.note_use(token, NOW)
    other.execute("ALTER TABLE tokens RENAME TO away")
    keys.write_uses()
    other.execute("ALTER TABLE away RENAME TO tokens")
    assert [each.last_used for each in store.tokens()] == [None]


class Lookalikes(MemoryStore):
    """A store whose one token has the public id of `secret`, and another digest."""

    def live_tokens(self) -> list[tuple[str, Token]]:
        name = digest_of("secret")[:10]
        return [(name + "0" * 54, Token(name, "ada", NOW))]


def test_a_secret_must_have_the_whole_digest_and_not_its_beginning() -> None:
    assert not known(KeyRing(Lookalikes()), "secret")


class SlowStore(MemoryStore):
    """A store that lets a test look on while it is being asked."""

    keys: KeyRing | None = None
    seen: tuple[bool, ...] = ()

    def tokens_mark(self) -> tuple[int, int, int]:
        if self.keys:
            self.keys.look()  # returns at once, since somebody looks already
            self.seen += (self.keys.is_stale(),)
        return super().tokens_mark()


def test_one_looks_while_the_others_go_on_with_what_is_known() -> None:
    store, clock = SlowStore(), Clock()
    store.keys = KeyRing(store, clock)
    clock.seconds += 5
    store.keys.look()
    assert store.seen == (False,)
