"""The law of revisions, tried on whole histories: a store in memory and one in SQLite live through them together."""

import shutil
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from ircal.model.series import Revision
from ircal.store import MemoryStore, open_store

BASELINE = datetime(2026, 7, 1, tzinfo=UTC)
CALENDARS = st.sampled_from(["ada", "bo"])
CLOCK = st.integers(-1000, 1000).map(lambda seconds: BASELINE + timedelta(days=90, seconds=seconds / 3))
DIGESTS = st.dictionaries(st.sampled_from("abc"), st.sampled_from("123"))


class Histories(RuleBasedStateMachine):
    """Calendars are revised again and again, by a clock that jumps about and a store that is closed and reopened."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.memory = MemoryStore()
        self.database = open_store(f"sqlite:///{self.folder}/ircal.db")
        self.last: dict[str, dict[str, tuple[str, Revision]]] = {}

    @rule(calendar=CALENDARS, digests=DIGESTS, now=CLOCK)
    def revise(self, calendar: str, digests: dict[str, str], now: datetime) -> None:
        given = self.database.revise(calendar, digests, now, BASELINE)
        assert given == self.memory.revise(calendar, digests, now, BASELINE)
        assert set(given) == set(digests)

        new_calendar = calendar not in self.last
        history = self.last.setdefault(calendar, {})
        for uid, revision in given.items():
            self.judge(history.get(uid), digests[uid], revision, BASELINE if new_calendar else now)
            history[uid] = (digests[uid], revision)

    def judge(self, last: tuple[str, Revision] | None, digest: str, revision: Revision, now: datetime) -> None:
        assert revision.changed == revision.changed.replace(microsecond=0)
        if last is None:
            assert revision == Revision(0, now.replace(microsecond=0))
        elif last[0] == digest:
            assert revision == last[1]
        else:
            assert revision.sequence == last[1].sequence + 1
            assert revision.changed > last[1].changed
            assert revision.changed > now - timedelta(seconds=1)

    @rule()
    def restart(self) -> None:
        self.database.close()
        self.database = open_store(f"sqlite:///{self.folder}/ircal.db")

    @invariant()
    def revising_again_changes_nothing(self) -> None:
        for calendar, history in self.last.items():
            digests = {uid: digest for uid, (digest, _) in history.items()}
            expected = {uid: revision for uid, (_, revision) in history.items()}
            assert self.database.revise(calendar, digests, BASELINE + timedelta(days=900), BASELINE) == expected

    def teardown(self) -> None:
        self.database.close()
        shutil.rmtree(self.folder)


TestHistories = Histories.TestCase
TestHistories.settings = settings(
    max_examples=25, stateful_step_count=15, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
