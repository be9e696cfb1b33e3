"""The store: what ircal must remember between two runs, and nothing that follows from the programme.

It remembers how often each event of each calendar has changed (SEQUENCE, LAST-MODIFIED), whom the secret feed addresses
belong to (by digest, never the address itself), what was read of calendars elsewhere and what those would not take,
what was changed when, and what the service has still to do. Losing it costs no
truth: the same programme gives the same feeds again. `Store` is the contract, `open_store` its durable form (SQLite,
PostgreSQL), `MemoryStore` the one that forgets; one suite of tests holds both to it. `KeyRing` holds the tokens in
memory. `migrate`, `back_up` and `restore` are for who looks after it all.
"""

from ircal.store.database import open_store
from ircal.store.figures import CALLS, CHANGES, FAULT, RUNS
from ircal.store.keys import KeyRing
from ircal.store.memory import MemoryStore
from ircal.store.protocol import JournalEntry, Reading, Refusal, Store, Token
from ircal.store.scoped import ScopedStore, key_of, scope_of
from ircal.store.upkeep import Copied, Upgrade, back_up, migrate, restore
from ircal.store.work import Channel, Due, KeptProgramme, Run, RunState

__all__ = [
    "CALLS",
    "CHANGES",
    "FAULT",
    "RUNS",
    "Channel",
    "Copied",
    "Due",
    "JournalEntry",
    "KeptProgramme",
    "KeyRing",
    "MemoryStore",
    "Reading",
    "Refusal",
    "Run",
    "RunState",
    "ScopedStore",
    "Store",
    "Token",
    "Upgrade",
    "back_up",
    "key_of",
    "migrate",
    "open_store",
    "restore",
    "scope_of",
]
