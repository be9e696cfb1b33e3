"""One programme's part of a store; that it keeps the contract beside others is in test_contract.py and test_work.py."""

from datetime import UTC, datetime, timedelta

import pytest

from ircal.errors import TokenInUse
from ircal.store import Channel, JournalEntry, KeyRing, MemoryStore, Run, ScopedStore, open_store, scope_of

NOW = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("key", "scope"), [("west/ada", ("west", "ada")), ("ada", ("", "ada")), ("west/a/b", ("west", "a/b"))]
)
def test_a_key_says_whose_it_is(key: str, scope: tuple[str, str]) -> None:
    assert scope_of(key) == scope


def test_the_whole_store_knows_every_part_by_its_name() -> None:
    whole = MemoryStore()
    west, east = ScopedStore(whole, "west"), ScopedStore(whole, "east")
    west.raise_due(["ada"], "file", NOW)
    east.raise_due(["ada"], "file", NOW)
    assert [due.calendar for due in whole.due()] == ["east/ada", "west/ada"]
    secret = west.issue_token("ada", NOW)
    token = KeyRing(whole).find(secret, NOW)
    assert token is not None
    assert scope_of(token.calendar) == ("west", "ada")
    assert KeyRing(east).find(secret, NOW) is None


def test_nobody_reaches_into_anothers_part() -> None:
    whole = MemoryStore()
    west, east = ScopedStore(whole, "west"), ScopedStore(whole, "east")
    secret = west.issue_token("ada", NOW)
    [token] = west.tokens()
    west.add_channel(Channel("c1", "ada", "digest", NOW, NOW))
    for named in (secret, token.id):
        assert not east.revoke_token(named, NOW)
        assert east.rotate_token(named, NOW, NOW + timedelta(days=1)) is None
    assert not east.note_message("c1", 1)
    east.stop_channel("c1", NOW)
    east.remove_channel("c1")
    assert west.tokens() == [token]
    assert west.channel("c1") == Channel("c1", "ada", "digest", NOW, NOW)
    assert east.channel("c1") is None


def test_an_error_speaks_of_the_calendar_as_people_do() -> None:
    west = ScopedStore(MemoryStore(), "west")
    west.issue_token("ada", NOW, "ada")
    with pytest.raises(TokenInUse, match="has a link to the calendar ada already"):
        west.issue_token("ada", NOW, "ada")


def test_a_quota_is_the_accounts() -> None:
    whole = MemoryStore()
    ScopedStore(whole, "west").open_circuit("me", NOW, "used up")
    assert ScopedStore(whole, "east").circuit("me") == (NOW, "used up")


def test_a_database_tells_of_one_part_alone(database_url: str) -> None:
    whole = open_store(database_url)
    for name in ("west", "we", "West"):
        part = ScopedStore(whole, name)
        part.record(JournalEntry(NOW, "ada", f"create in {name}", "done"))
        part.end_run(Run(f"run in {name}", "ada", "file", NOW, NOW, "done"))
    west = ScopedStore(whole, "west")
    assert [entry.change for entry in west.journal(9)] == ["create in west"]
    assert [run.id for run in west.runs(9)] == [run.id for run in west.last_runs("done").values()] == ["run in west"]
    assert [run.id for run in west.runs(9, "ada")] == ["run in west"]
    assert len(whole.journal(9)) == len(whole.runs(9)) == len(whole.last_runs()) == 3
    part_of_one = open_store(database_url, programme="we")
    assert part_of_one.last_runs().keys() == {"ada"}
    part_of_one.close()
    whole.close()
