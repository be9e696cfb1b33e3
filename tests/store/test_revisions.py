"""The law of revisions, tried on whole histories: a store in memory and one in SQLite live through them together."""

import shutil
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from ircal.model.series import Outline, Revised, Revision, Said
from ircal.store import MemoryStore, open_store

BASELINE = datetime(2026, 7, 1, tzinfo=UTC)
CALENDARS = st.sampled_from(["ada", "bo"])
CLOCK = st.integers(-1000, 1000).map(lambda seconds: BASELINE + timedelta(days=90, seconds=seconds / 3))
DIGESTS = st.dictionaries(st.sampled_from("abc"), st.sampled_from("123"))
GONE = st.sets(st.sampled_from("abcd"))
LENGTHS = st.sampled_from([89, 90, 91, 400]).map(lambda days: timedelta(days=days))
KEEP = timedelta(minutes=5)


def whole(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)


NOTHING = "nothing"
"""What a calendar program sees of a UID that was removed: no other content is the same."""


@dataclass
class Life:
    """What a subscriber has seen of one UID: its content last, the revision it came with, and until when it lasts."""

    content: str
    revision: Revision
    ends: datetime
    there: bool = True


class Histories(RuleBasedStateMachine):
    """Calendars are revised again and again, by a clock that jumps about and a store that is closed and reopened."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.memory = MemoryStore(keep=KEEP)
        self.database = open_store(f"sqlite:///{self.folder}/ircal.db", keep=KEEP)
        self.lives: dict[str, dict[str, Life]] = {}

    @rule(calendar=CALENDARS, digests=DIGESTS, now=CLOCK, length=LENGTHS, gone=st.none() | GONE)
    def revise(
        self, calendar: str, digests: dict[str, str], now: datetime, length: timedelta, gone: set[str] | None
    ) -> None:
        outlines = {uid: Outline(digest, BASELINE + length) for uid, digest in digests.items()}
        told = self.asked(calendar, Said(digests, outlines, gone), now)
        missing = self.lives.get(calendar, {}).keys() if gone is None else gone
        assert set(told.current) == set(digests)

        first = BASELINE if calendar not in self.lives else whole(now)
        lives = self.lives.setdefault(calendar, {})
        for uid, digest in digests.items():
            ends = outlines[uid].ends
            if uid not in lives:
                assert told.current[uid] == Revision(0, first)
                lives[uid] = Life(digest, told.current[uid], ends)
            self.judge(lives[uid], digest, told.current[uid], now, ends)
        for uid in missing & lives.keys() - digests.keys():
            life = lives[uid]
            if life.there and life.ends > whole(now):
                self.judge(life, NOTHING, told.removed[uid].revision, now, life.ends)
            life.there = False
        for uid, removed in told.removed.items():
            assert (lives[uid].content, lives[uid].there) == (NOTHING, False)
            assert lives[uid].revision == removed.revision
            assert removed.revision.changed + KEEP > whole(now)

    def asked(self, calendar: str, said: Said, now: datetime) -> Revised:
        given = self.database.revise(calendar, said, now, BASELINE)
        assert given == self.memory.revise(calendar, said, now, BASELINE)
        return given

    def judge(self, life: Life, content: str, revision: Revision, now: datetime, ends: datetime) -> None:
        """A revision moves on when the content is another one, and only then; it never goes back."""
        if life.content == content:
            assert revision == life.revision
            ends = life.ends if life.there else ends
        else:
            assert revision == Revision(
                life.revision.sequence + 1, max(whole(now), life.revision.changed + timedelta(seconds=1))
            )
        life.content, life.revision, life.ends, life.there = content, revision, ends, content != NOTHING

    @rule()
    def restart(self) -> None:
        self.database.close()
        self.database = open_store(f"sqlite:///{self.folder}/ircal.db", keep=KEEP)

    @invariant()
    def revising_again_changes_nothing(self) -> None:
        for calendar, lives in self.lives.items():
            there = {uid: life for uid, life in lives.items() if life.there}
            digests = {uid: life.content for uid, life in there.items()}
            expected = {uid: life.revision for uid, life in there.items()}
            assert self.asked(calendar, Said(digests, gone=()), BASELINE + timedelta(seconds=-2000)).current == expected

    def teardown(self) -> None:
        self.database.close()
        shutil.rmtree(self.folder)


TestHistories = Histories.TestCase
TestHistories.settings = settings(
    max_examples=25, stateful_step_count=15, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
