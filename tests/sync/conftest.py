"""A fresh calendar of each kind for every test."""

from __future__ import annotations

import uuid
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from ircal.google.sandbox import SandboxServer
from tests.sync.harness import Harness, Notebook, OnMemory, OnSandbox

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture(scope="session")
def sandbox() -> Iterator[SandboxServer]:
    with SandboxServer() as server:
        yield server


@pytest.fixture
def fresh_on_sandbox(sandbox: SandboxServer) -> Iterator[Callable[[], OnSandbox]]:
    with ExitStack() as stack:
        yield lambda: stack.enter_context(OnSandbox(sandbox, f"{uuid.uuid4().hex}@example.org"))


@pytest.fixture
def on_sandbox(fresh_on_sandbox: Callable[[], OnSandbox]) -> OnSandbox:
    return fresh_on_sandbox()


@pytest.fixture(params=["memory", "google"])
def harness(request: pytest.FixtureRequest) -> Harness:
    makers: dict[str, Callable[[], Harness]] = {
        "memory": OnMemory,
        "google": lambda: request.getfixturevalue("on_sandbox"),
    }
    return makers[request.param]()


@pytest.fixture
def journal() -> Notebook:
    return Notebook()
