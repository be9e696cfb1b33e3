"""An environment without anybody's cloud credentials, and an object store on this machine."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.publish.s3 import FakeS3, fake_s3

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def no_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of the machine that runs the tests leads anywhere."""
    for name in list(os.environ):
        if name.startswith(("AWS_", "GOOGLE_", "AZURE_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_METADATA_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setenv("AZURE_MSI_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setenv("GCE_METADATA_HOST", "127.0.0.1:9")
    monkeypatch.setenv("GCE_METADATA_ROOT", "127.0.0.1:9")


@pytest.fixture
def s3(no_credentials: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeS3]:
    """An S3 with an empty bucket, and the environment that leads to it."""
    with fake_s3() as store:
        for name, value in store.environment.items():
            monkeypatch.setenv(name, value)
        yield store
