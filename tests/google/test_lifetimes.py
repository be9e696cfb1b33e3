"""When channels are opened, renewed and stopped."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ircal.google.channels import LIFETIME, new_name
from ircal.google.lifetimes import AHEAD, PATIENCE, Known, Wanted, steps, unheard

NOW = datetime(2026, 9, 1, 8, tzinfo=UTC)
ADDRESS = "https://calendars.example.edu/hooks/google"
GOOGLE = {"ash": "ash@example.edu", "programme": "programme@example.edu"}
WANTED = Wanted(GOOGLE, ADDRESS)
NOTHING = Wanted({}, ADDRESS)


def channel(calendar: str = "ash", age: timedelta = timedelta(hours=1), address: str = ADDRESS) -> Known:
    """One that was opened so long ago and has spoken."""
    opened = NOW - age
    name = new_name(GOOGLE[calendar], address)
    return Known(name, calendar, opened, opened + LIFETIME, f"resource of {calendar}", spoke=True)


def watched(age: timedelta = timedelta(hours=1)) -> list[Known]:
    return [channel(each, age) for each in GOOGLE]


def test_every_calendar_has_a_channel_opened() -> None:
    found = steps([], WANTED, NOW)
    assert (found.open, found.stop, found.forget) == (("ash", "programme"), (), ())


def test_where_all_are_watched_there_is_nothing_to_do() -> None:
    assert not steps(watched(), WANTED, NOW)
    assert not unheard(watched(), WANTED, NOW)


def test_a_channel_is_renewed_a_day_before_its_end_and_the_old_one_goes_when_the_new_one_speaks() -> None:
    old, other = watched(LIFETIME - AHEAD)
    assert steps([replace(old, opened=old.opened + timedelta(minutes=1), expires=NOW + AHEAD * 1.1)], WANTED, NOW).open
    assert steps([old, other], WANTED, NOW).open == ("ash", "programme")
    young = replace(channel(age=timedelta()), spoke=False)
    later = channel("programme")
    assert not steps([old, young, later], WANTED, NOW)
    assert not unheard([old, young, later], WANTED, NOW)
    found = steps([old, replace(young, spoke=True), later], WANTED, NOW)
    assert (found.open, found.stop) == ((), (old,))


def test_a_short_lived_channel_is_renewed_in_its_last_quarter() -> None:
    brief = replace(channel(age=timedelta(minutes=29)), expires=NOW + timedelta(minutes=11))
    wanted = Wanted({"ash": GOOGLE["ash"]}, ADDRESS)
    assert not steps([brief], wanted, NOW)
    assert steps([brief], wanted, NOW + timedelta(minutes=1)).open == ("ash",)


def test_what_has_expired_is_forgotten_and_not_stopped() -> None:
    old = channel(age=LIFETIME)
    found = steps([old, channel("programme")], WANTED, NOW)
    assert (found.open, found.stop, found.forget) == (("ash",), (), (old,))
    assert unheard([old, channel("programme")], WANTED, NOW) == {"ash"}


def test_a_calendar_that_left_the_programme_is_watched_no_more() -> None:
    ash, programme = watched()
    assert steps([ash, programme], Wanted({"ash": GOOGLE["ash"]}, ADDRESS), NOW).stop == (programme,)
    assert not unheard([ash, programme], NOTHING, NOW)


@pytest.mark.parametrize(
    "wanted",
    [
        Wanted(GOOGLE, "https://elsewhere.example.edu/hooks/google"),
        Wanted({each: f"new-{google}" for each, google in GOOGLE.items()}, ADDRESS),
    ],
    ids=["another address", "another calendar in Google"],
)
def test_what_tells_the_wrong_thing_is_replaced_at_once(wanted: Wanted) -> None:
    known = watched()
    found = steps(known, wanted, NOW)
    assert (found.open, set(found.stop)) == (("ash", "programme"), set(known))
    assert unheard(known, wanted, NOW) == set(GOOGLE)


def test_without_an_address_nothing_is_watched_and_everything_is_asked() -> None:
    known = watched()
    wanted = Wanted(GOOGLE, None)
    assert set(steps(known, wanted, NOW).stop) == set(known)
    assert not steps([], wanted, NOW)
    assert unheard(known, wanted, NOW) == set(GOOGLE)


def test_a_pending_channel_has_a_while_to_be_opened() -> None:
    pending = replace(channel(age=timedelta(minutes=1)), resource="", spoke=False)
    known = [pending, channel("programme")]
    assert not steps(known, WANTED, NOW)
    assert unheard(known, WANTED, NOW) == {"ash"}
    found = steps(known, WANTED, pending.opened + PATIENCE)
    assert (found.open, found.stop, found.forget) == (("ash",), (), (pending,))


def test_what_could_not_be_stopped_is_stopped_again() -> None:
    half = replace(channel(), stopped=True)
    found = steps([half, channel("programme")], WANTED, NOW)
    assert (found.open, found.stop) == (("ash",), (half,))


def test_a_new_channel_should_speak_soon() -> None:
    silent = replace(channel(age=timedelta()), spoke=False)
    assert not silent.is_silent(NOW + PATIENCE - timedelta(seconds=1))
    assert silent.is_silent(NOW + PATIENCE)
    assert not replace(silent, spoke=True).is_silent(NOW + PATIENCE)


known_channels = st.lists(
    st.builds(
        lambda calendar, age, address, resource, spoke, stopped: replace(
            channel(calendar, age, address), resource=resource, spoke=spoke, stopped=stopped
        ),
        st.sampled_from(sorted(GOOGLE)),
        st.timedeltas(timedelta(), LIFETIME * 1.2),
        st.sampled_from([ADDRESS, "https://old.example.edu/hooks/google"]),
        st.sampled_from(["", "r"]),
        st.booleans(),
        st.booleans(),
    ),
    max_size=6,
)


@given(known_channels, st.integers(0, 14 * 24))
@settings(max_examples=60, deadline=None)
def test_whatever_there_was_it_comes_to_one_channel_for_each_calendar_and_nobody_is_ever_unheard_in_between(
    known: list[Known], hours: int
) -> None:
    """A world in which each step is carried out, and each channel speaks before the next look."""
    deaf: list[frozenset[str]] = []
    for hour in range(hours + 3):
        now = NOW + timedelta(hours=hour)
        found = steps(known, WANTED, now)
        gone = {each.name for each in (*found.stop, *found.forget)}
        known = [replace(each, spoke=True) for each in known if each.name not in gone]
        known += [
            Known(new_name(GOOGLE[each], ADDRESS), each, now, now + LIFETIME, "r", spoke=True) for each in found.open
        ]
        deaf.append(unheard(known, WANTED, now))
    assert not any(deaf)
    at_rest = [each for each in known if WANTED.is_met_by(each) and not each.stopped]
    assert {each.calendar for each in at_rest} == set(GOOGLE)
    assert len(known) <= 2 * len(GOOGLE)
