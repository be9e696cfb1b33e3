"""What every store must keep to, whatever it keeps it in."""

import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone

import pytest

from ircal.errors import TokenInUse
from ircal.model.series import Outline, Removed, Revised, Revision, Said
from ircal.store import JournalEntry, KeyRing, MemoryStore, Reading, Refusal, Store, Token
from ircal.store.secret import digest_of

BASELINE = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
NOW = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
SECOND = timedelta(seconds=1)


def revise(store: Store, digests: dict[str, str], now: datetime = NOW, calendar: str = "ada") -> Mapping[str, Revision]:
    return store.revise(calendar, Said(digests), now, BASELINE).current


# ------------------------------------------------------------------------------------------------------------ revisions


def test_what_was_there_from_the_beginning_changed_at_the_baseline(store: Store) -> None:
    assert revise(store, {"a": "1", "b": "1"}) == {"a": Revision(0, BASELINE), "b": Revision(0, BASELINE)}


def test_several_calendars_at_once_are_as_one_after_another(store: Store) -> None:
    outline = Outline("{}", LATER)
    revise(store, {"a": "1", "b": "1"}, calendar="bea")
    store.revise("ada", Said({"a": "1", "b": "1"}, {"b": outline}), NOW, BASELINE)
    told = store.revise_all(
        {"ada": Said({"a": "2"}, gone={"b"}), "bea": Said({"b": "2"}), "cy": Said({"b": "3"})}, LATER - SECOND, BASELINE
    )
    changed = Revision(1, LATER - SECOND)
    assert told == {
        "ada": Revised({"a": changed}, {"b": Removed(outline, changed)}),
        "bea": Revised({"b": changed}, {}),
        "cy": Revised({"b": Revision(0, BASELINE)}, {}),
    }
    assert revise(store, {"a": "1", "b": "2"}, LATER, "bea") == {"a": Revision(0, BASELINE), "b": changed}
    assert store.revise_all({}, LATER, BASELINE) == {}


def test_of_several_calendars_all_are_revised_or_none(store: Store) -> None:
    revise(store, {"a": "1"})
    with pytest.raises(ValueError, match="zone"):
        store.revise_all({"ada": Said({"a": "2"}), "bea": Said({"a": "1"})}, NOW.replace(tzinfo=None), BASELINE)
    assert revise(store, {"a": "1"}, LATER) == {"a": Revision(0, BASELINE)}
    assert revise(store, {"a": "1"}, LATER, "bea") == {"a": Revision(0, BASELINE)}


def test_an_unchanged_digest_keeps_its_revision(store: Store) -> None:
    revise(store, {"a": "1"})
    assert revise(store, {"a": "1"}, LATER) == {"a": Revision(0, BASELINE)}


def test_a_changed_digest_raises_the_sequence(store: Store) -> None:
    revise(store, {"a": "1", "b": "1"})
    assert revise(store, {"a": "2", "b": "1"}) == {"a": Revision(1, NOW), "b": Revision(0, BASELINE)}
    assert revise(store, {"a": "1", "b": "1"}, LATER) == {"a": Revision(2, LATER), "b": Revision(0, BASELINE)}


def test_revising_twice_is_revising_once(store: Store) -> None:
    revise(store, {"a": "1"})
    once = revise(store, {"a": "2"})
    assert revise(store, {"a": "2"}, LATER) == once


def test_what_is_new_on_a_known_calendar_changed_now(store: Store) -> None:
    revise(store, {"a": "1"})
    assert revise(store, {"a": "1", "b": "1"}) == {"a": Revision(0, BASELINE), "b": Revision(0, NOW)}


def test_a_calendar_that_was_empty_is_known(store: Store) -> None:
    assert revise(store, {}) == {}
    assert revise(store, {"a": "1"}) == {"a": Revision(0, NOW)}


def test_what_vanished_is_remembered(store: Store) -> None:
    revise(store, {"a": "1"})
    revise(store, {"a": "2"})
    assert revise(store, {}, LATER) == {}
    assert revise(store, {"a": "2"}, LATER) == {"a": Revision(1, NOW)}
    revise(store, {}, LATER)
    assert revise(store, {"a": "3"}, LATER) == {"a": Revision(2, LATER)}


def test_calendars_do_not_know_each_other(store: Store) -> None:
    revise(store, {"a": "1"}, calendar="ada")
    revise(store, {"a": "2"}, calendar="ada")
    assert revise(store, {"a": "2"}, calendar="bo") == {"a": Revision(0, BASELINE)}


def test_a_clock_that_jumps_back_moves_no_revision_back(store: Store) -> None:
    revise(store, {"a": "1"})
    revise(store, {"a": "2"})
    earlier = NOW - timedelta(days=300)
    assert revise(store, {"a": "3"}, earlier) == {"a": Revision(2, NOW + SECOND)}
    assert revise(store, {"a": "4"}, earlier) == {"a": Revision(3, NOW + 2 * SECOND)}


def test_two_changes_within_a_second_are_a_second_apart(store: Store) -> None:
    revise(store, {"a": "1"})
    revise(store, {"a": "2"}, NOW + timedelta(milliseconds=100))
    assert revise(store, {"a": "3"}, NOW + timedelta(milliseconds=900)) == {"a": Revision(2, NOW + SECOND)}


def test_revisions_are_whole_seconds_in_utc(store: Store) -> None:
    there = timezone(timedelta(hours=-5))
    baseline = datetime(2026, 7, 1, 7, 0, 0, 999_999, tzinfo=there)
    now = datetime(2026, 9, 1, 3, 0, 0, 999_999, tzinfo=there)

    first = store.revise("ada", Said({"a": "1"}), now, baseline).current
    second = store.revise("ada", Said({"a": "2", "b": "1"}), now, baseline).current

    assert first == {"a": Revision(0, BASELINE)}
    assert second == {"a": Revision(1, NOW), "b": Revision(0, NOW)}
    assert {revision.changed.tzinfo for revision in second.values()} == {UTC}


def test_odd_uids_and_many_of_them(store: Store) -> None:
    digests = {f"üid {number} ' \"; -- %s {{}}": "1" for number in range(3000)}
    assert revise(store, digests) == dict.fromkeys(digests, Revision(0, BASELINE))
    digests = dict.fromkeys(digests, "2")
    assert revise(store, digests) == dict.fromkeys(digests, Revision(1, NOW))


def test_runs_at_the_same_time_agree(store: Store) -> None:
    revise(store, {"a": "1"})
    with ThreadPoolExecutor(8) as pool:
        seen = list(pool.map(lambda _: revise(store, {"a": "2"}), range(32)))
    assert seen == [{"a": Revision(1, NOW)}] * 32


def test_first_runs_at_the_same_time_agree(store: Store) -> None:
    with ThreadPoolExecutor(8) as pool:
        seen = list(pool.map(lambda _: revise(store, {"a": "1"}), range(32)))
    assert seen == [{"a": Revision(0, BASELINE)}] * 32


# -------------------------------------------------------------------------------------------------------------- removed

MONTH = timedelta(days=30)
AHEAD, PAST = Outline("ahead", NOW + timedelta(days=100)), Outline("past", NOW)


def told(
    store: Store,
    digests: dict[str, str],
    now: datetime = NOW,
    outline: Outline = AHEAD,
    gone: list[str] | None = None,
) -> Revised:
    return store.revise("ada", Said(digests, dict.fromkeys(digests, outline), gone), now, BASELINE)


def test_what_is_gone_before_its_time_is_told_as_removed(store: Store) -> None:
    told(store, {"a": "1", "b": "1"})
    once = told(store, {"b": "1"}, LATER)
    assert once == Revised({"b": Revision(0, BASELINE)}, {"a": Removed(AHEAD, Revision(1, LATER))})
    assert told(store, {"b": "1"}, LATER + timedelta(days=29)) == once


def test_it_is_told_for_a_while_and_then_dropped(store: Store) -> None:
    told(store, {"a": "1"})
    told(store, {}, LATER)
    assert told(store, {}, LATER + MONTH - SECOND).removed == {"a": Removed(AHEAD, Revision(1, LATER))}
    assert told(store, {}, LATER + MONTH) == Revised({}, {})
    assert told(store, {}, LATER).removed == {}


@pytest.mark.parametrize("days", [2, 200])
def test_what_comes_back_has_changed_again(store: Store, days: int) -> None:
    told(store, {"a": "1"})
    told(store, {}, LATER)
    back = NOW + timedelta(days=days)
    told(store, {}, back - SECOND)
    assert told(store, {"a": "1"}, back) == Revised({"a": Revision(2, back)}, {})
    assert told(store, {}, back + SECOND).removed == (
        {"a": Removed(AHEAD, Revision(3, back + SECOND))} if days < 9 else {}
    )


def test_what_is_over_goes_without_a_word(store: Store) -> None:
    told(store, {"a": "1"}, outline=PAST)
    assert told(store, {}) == Revised({}, {})
    assert told(store, {}, NOW - MONTH) == Revised({}, {})
    assert told(store, {"a": "1"}, LATER).current == {"a": Revision(0, BASELINE)}


def test_what_was_never_outlined_goes_without_a_word(store: Store) -> None:
    revise(store, {"a": "1"})
    assert told(store, {}) == Revised({}, {})
    told(store, {"a": "1"})
    assert told(store, {}).removed == {"a": Removed(AHEAD, Revision(1, NOW))}


def test_the_outline_is_that_of_what_was_there_last(store: Store) -> None:
    told(store, {"a": "1"})
    told(store, {"a": "2"}, outline=Outline("moved", LATER))
    assert told(store, {}).removed == {"a": Removed(Outline("moved", LATER), Revision(2, NOW + SECOND))}


def test_a_removal_by_a_clock_that_jumped_back_is_later_than_the_last_change(store: Store) -> None:
    told(store, {"a": "1"})
    told(store, {"a": "2"}, LATER)
    assert told(store, {}, NOW).removed == {"a": Removed(AHEAD, Revision(2, LATER + SECOND))}


def test_who_names_what_is_gone_need_not_name_the_rest(store: Store) -> None:
    told(store, {"a": "1", "b": "1", "c": "1"})
    assert told(store, {"b": "2"}, gone=[]) == Revised({"b": Revision(1, NOW)}, {})
    assert told(store, {}, gone=["a", "never-seen"]) == Revised({}, {"a": Removed(AHEAD, Revision(1, NOW))})
    assert told(store, {"a": "1", "b": "2", "c": "1"}, LATER) == Revised(
        {"a": Revision(2, LATER), "b": Revision(1, NOW), "c": Revision(0, BASELINE)}, {}
    )


def test_what_is_both_there_and_gone_is_there(store: Store) -> None:
    told(store, {"a": "1"})
    assert told(store, {"a": "1"}, gone=["a"]) == Revised({"a": Revision(0, BASELINE)}, {})


# --------------------------------------------------------------------------------------------------------------- tokens


def calendar_of(store: Store, secret: str, now: datetime) -> str | None:
    """What the secret opens, for one who asks the store afresh."""
    token = KeyRing(store).find(secret, now)
    return token.calendar if token else None


def test_a_token_opens_its_calendar(store: Store) -> None:
    assert store.issue_token("ada", NOW) == "secret-1"
    assert store.issue_token("bo", NOW) == "secret-2"
    assert calendar_of(store, "secret-1", NOW) == "ada"
    assert calendar_of(store, "secret-2", NOW) == "bo"


@pytest.mark.parametrize("token", ["secret-2", "", "SECRET-1", "secret-1 ", "ünknown", "x" * 5000, "\x00", "\udc80"])
def test_an_unknown_token_opens_nothing(store: Store, token: str) -> None:
    store.issue_token("ada", NOW)
    assert calendar_of(store, token, NOW) is None


def test_neither_the_digest_nor_the_public_id_opens_anything(store: Store) -> None:
    secret = store.issue_token("ada", NOW)
    [token] = store.tokens()
    assert calendar_of(store, token.id, NOW) is None
    assert calendar_of(store, digest_of(secret), NOW) is None


def test_a_revoked_token_opens_nothing(store: Store) -> None:
    store.issue_token("ada", NOW)
    store.issue_token("ada", LATER)
    [first, _] = store.tokens()

    assert store.revoke_token(first.id, LATER) is True
    assert store.revoke_token(first.id, LATER + SECOND) is False

    assert calendar_of(store, "secret-1", LATER) is None
    assert calendar_of(store, "secret-2", LATER) == "ada"
    assert [token.revoked for token in store.tokens()] == [LATER, None]


def test_a_clock_that_jumps_back_opens_no_revoked_token(store: Store) -> None:
    secret = store.issue_token("ada", NOW)
    store.revoke_token(secret, LATER)
    assert calendar_of(store, secret, NOW) is None


def test_a_token_is_revoked_by_the_secret_too(store: Store) -> None:
    secret = store.issue_token("ada", NOW)
    assert store.revoke_token(secret, LATER) is True
    assert calendar_of(store, secret, LATER) is None


def test_revoking_what_is_unknown_does_nothing(store: Store) -> None:
    store.issue_token("ada", NOW)
    assert store.revoke_token("nothing", NOW) is False
    assert calendar_of(store, "secret-1", NOW) == "ada"


# ------------------------------------------------------------------------------------------ one per person and calendar


def test_a_person_has_one_token_for_a_calendar(store: Store) -> None:
    store.issue_token("ada", NOW, "ada")
    store.issue_token("rounds", NOW, "ada")
    store.issue_token("ada", NOW, "bo")
    with pytest.raises(TokenInUse) as raised:
        store.issue_token("ada", LATER, "ada")
    name = digest_of("secret-1")[:10]
    assert raised.value.message == f"ada has a link to the calendar ada already; its id is {name}."
    assert raised.value.remedy == f"To replace it: `ircal token rotate {name}`."
    assert [(token.person, token.calendar) for token in store.tokens() if token.issued == NOW] == [
        (token.person, token.calendar) for token in store.tokens()
    ]
    assert len(store.tokens()) == 3


def test_a_person_whose_token_is_revoked_can_have_another(store: Store) -> None:
    store.revoke_token(store.issue_token("ada", NOW, "ada"), NOW)
    secret = store.issue_token("ada", LATER, "ada")
    assert calendar_of(store, secret, LATER) == "ada"


def test_nobody_in_particular_may_have_many(store: Store) -> None:
    secrets = [store.issue_token("front-desk", NOW) for _ in range(3)]
    assert [calendar_of(store, secret, NOW) for secret in secrets] == ["front-desk"] * 3


def test_of_those_who_issue_at_the_same_time_one_succeeds(store: Store) -> None:
    def issue(_: int) -> bool:
        try:
            store.issue_token("ada", NOW, "ada")
        except TokenInUse:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(issue, range(16))) == 1
    assert len(store.tokens()) == 1


# ------------------------------------------------------------------------------------------------------------- rotation


def test_a_rotated_token_makes_way_at_once(store: Store) -> None:
    old = store.issue_token("rounds", NOW, "ada")
    new = store.rotate_token(store.tokens()[0].id, LATER)
    assert new == "secret-2"
    assert [calendar_of(store, secret, LATER) for secret in (old, new)] == [None, "rounds"]
    first, second = store.tokens()
    assert (first.revoked, second.person, second.issued, second.revoked) == (LATER, "ada", LATER, None)


def test_a_rotated_token_may_have_a_grace(store: Store) -> None:
    old = store.issue_token("rounds", NOW, "ada")
    until = LATER + timedelta(days=7)
    new = store.rotate_token(old, LATER, until)
    assert new is not None
    assert [calendar_of(store, old, moment) for moment in (LATER, until - SECOND, until)] == ["rounds", "rounds", None]
    assert calendar_of(store, new, until) == "rounds"
    assert [(token.expires, token.revoked) for token in store.tokens()] == [(until, None), (None, None)]


def test_a_grace_can_be_ended(store: Store) -> None:
    old = store.issue_token("rounds", NOW, "ada")
    store.rotate_token(old, NOW, LATER + timedelta(days=7))
    assert store.revoke_token(old, LATER) is True
    assert calendar_of(store, old, LATER) is None


def test_what_is_over_is_not_revoked_any_more(store: Store) -> None:
    old = store.issue_token("rounds", NOW, "ada")
    store.rotate_token(old, NOW, LATER)
    assert store.revoke_token(old, LATER) is False


def test_only_what_is_in_use_is_rotated_and_that_once(store: Store) -> None:
    revoked, rotated = store.issue_token("a", NOW, "ada"), store.issue_token("b", NOW, "ada")
    store.revoke_token(revoked, NOW)
    store.rotate_token(rotated, NOW, LATER)
    before = store.tokens()
    assert [store.rotate_token(each, NOW) for each in (revoked, rotated, "nothing")] == [None, None, None]
    assert store.tokens() == before


# --------------------------------------------------------------------------------------------------- lists, uses, marks


def test_the_list_of_tokens_is_oldest_first_and_without_secrets(store: Store) -> None:
    store.issue_token("bo", LATER)
    store.issue_token("ada", NOW)
    tokens = store.tokens()
    assert tokens == [
        Token(digest_of("secret-2")[:10], "ada", NOW),
        Token(digest_of("secret-1")[:10], "bo", LATER),
    ]
    assert "secret" not in repr(tokens)


def test_uses_are_noted_by_public_id(store: Store) -> None:
    store.issue_token("ada", NOW)
    store.issue_token("bo", LATER)
    [ada, _] = store.tokens()
    store.note_uses({ada.id: LATER, "nothing": NOW})
    store.note_uses({})
    assert [token.last_used for token in store.tokens()] == [LATER, None]


def test_the_mark_differs_after_whatever_changes_what_tokens_open(store: Store) -> None:
    def mark() -> tuple[int, int, int]:
        marks.append(store.tokens_mark())
        return marks[-1]

    marks: list[tuple[int, int, int]] = [store.tokens_mark()]
    first, second = store.issue_token("ada", NOW, "ada"), store.issue_token("bo", NOW, "bo")
    mark()
    third = store.rotate_token(first, NOW, LATER)
    mark()
    assert third is not None
    store.rotate_token(third, NOW)
    mark()
    store.revoke_token(first, NOW)
    mark()
    store.revoke_token(second, NOW)
    mark()
    assert len(set(marks)) == len(marks) == 6
    store.note_uses({store.tokens()[-1].id: NOW})
    store.revise("ada", Said({"a": "1"}), NOW, BASELINE)
    assert mark() == marks[-2]


def test_a_real_secret_has_192_bits_and_is_safe_in_an_address() -> None:
    store = MemoryStore()
    secrets = {store.issue_token("ada", NOW) for _ in range(50)}
    assert len(secrets) == 50
    assert [secret for secret in secrets if not re.fullmatch(r"[A-Za-z0-9_-]{32}", secret)] == []


# -------------------------------------------------------------------------------------------------------------- journal


def test_the_journal_gives_the_newest_first(store: Store) -> None:
    entries = [JournalEntry(NOW + timedelta(microseconds=n), "ada", f"create {n}", "done", "run-1") for n in range(5)]
    for entry in entries:
        store.record(entry)
    assert store.journal(3) == [entries[4], entries[3], entries[2]]
    assert store.journal(100) == entries[::-1]


def test_the_journal_of_one_calendar_is_as_long_as_asked_for(store: Store) -> None:
    names = ["ada", "bob", "ada", "adam", "ada", "bob"]
    entries = [JournalEntry(NOW, name, f"create {n}", "done") for n, name in enumerate(names)]
    store.record(*entries)
    assert store.journal(2, "ada") == [entries[4], entries[2]]
    assert store.journal(9, "adam") == [entries[3]]
    assert store.journal(9, "nobody") == []


def test_a_new_journal_is_empty(store: Store) -> None:
    assert store.journal(10) == []


def test_the_journal_speaks_utc(store: Store) -> None:
    store.record(JournalEntry(NOW.astimezone(timezone(timedelta(hours=2))), "ada", "create", "done"))
    [entry] = store.journal(1)
    assert (entry.at, entry.at.tzinfo) == (NOW, UTC)


# ------------------------------------------------------------------------------------------------------------- sessions


def test_a_session_has_ended_until_it_would_be_over_by_itself(store: Store) -> None:
    store.end_session("one", NOW + SECOND, NOW)
    store.end_session("one", LATER, NOW)
    assert (store.has_ended("one"), store.has_ended("two")) == (True, False)
    store.end_session("two", LATER + SECOND, LATER)
    assert (store.has_ended("one"), store.has_ended("two")) == (False, True)


# ------------------------------------------------------------------------------------------------------------- circuits


def test_a_circuit_is_open_until_the_time_that_was_said_last(store: Store) -> None:
    assert store.circuit("ada") is None
    store.open_circuit("ada", NOW, "enough")
    store.open_circuit("ada", NOW.astimezone(timezone(timedelta(hours=2))) + timedelta(hours=4), "more than enough")
    store.open_circuit("ben", NOW, "enough")
    assert store.circuit("ada") == (NOW + timedelta(hours=4), "more than enough")
    assert store.circuit("ben") == (NOW, "enough")


# --------------------------------------------------------------------------------------------------------- naive clocks


def test_an_instant_without_a_zone_is_refused_by_every_verb(store: Store) -> None:
    naive = NOW.replace(tzinfo=None)
    for call in (
        lambda: store.revise("ada", Said({}), naive, BASELINE),
        lambda: store.revise("ada", Said({}), NOW, naive),
        lambda: store.issue_token("ada", naive),
        lambda: store.revoke_token("secret-1", naive),
        lambda: store.rotate_token("secret-1", naive),
        lambda: store.rotate_token("secret-1", NOW, naive),
        lambda: store.note_uses({"one": naive}),
        lambda: store.record(JournalEntry(naive, "ada", "create", "done")),
        lambda: store.open_circuit("ada", naive, "enough"),
    ):
        with pytest.raises(ValueError, match="has no time zone"):
            call()
    assert (store.tokens(), store.journal(10)) == ([], [])


# -------------------------------------------------------------------------------------------------- calendars elsewhere


def test_what_was_read_is_kept_until_it_is_read_again_or_forgotten(store: Store) -> None:
    assert store.reading("c") is None
    store.keep_reading("c", Reading("t1", {"a": "1", "b": "1"}))
    store.keep_reading("other", Reading("t9", {"a": "9"}))
    assert store.reading("c") == Reading("t1", {"a": "1", "b": "1"})
    store.keep_reading("c", Reading("t2", {"b": "2", "d": "1"}))
    assert store.reading("c") == Reading("t2", {"b": "2", "d": "1"})
    store.forget_reading("c")
    assert (store.reading("c"), store.reading("other")) == (None, Reading("t9", {"a": "9"}))


def test_a_reading_of_very_many_events_is_kept_and_dropped(store: Store) -> None:
    many = {str(number): "x" for number in range(2000)}
    store.keep_reading("c", Reading("t", many))
    assert store.reading("c") == Reading("t", many)
    store.keep_reading("c", Reading("t", {}))
    assert store.reading("c") == Reading("t", {})


def test_what_was_refused_is_held_by_calendar_until_it_is_admitted(store: Store) -> None:
    first, second = Refusal("d1", "no", NOW), Refusal("d2", "no", LATER)
    store.refuse("c", "a", first)
    store.refuse("c", "b", first)
    store.refuse("other", "a", first)
    store.refuse("c", "a", second)
    assert store.refusals("c") == {"a": second, "b": first}
    store.admit("c", ["a", "never"])
    assert store.refusals("c") == {"b": first}
    store.admit("c")
    assert (store.refusals("c"), store.refusals("other")) == ({}, {"a": first})
