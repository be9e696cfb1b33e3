"""Whatever is sent to the API, it answers as its OpenAPI description says, and never with a fault of ours."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from ircal.settings import load_settings
from ircal.trial import SheetTrier
from ircal.web import digest_of
from tests.exchange.conftest import laid
from tests.web.pages.conftest import Programme, rules_of, serving
from tests.web.pages.desk import PaperDesk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schemathesis.schemas import BaseSchema

    from ircal.views import Ground

TOKEN = "t" * 40
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


@pytest.fixture(scope="module")
def api(ground: Ground, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BaseSchema]:
    """The API behind a real server, by its own description."""
    folder = laid(tmp_path_factory.mktemp("fuzz"))
    trier = SheetTrier(load_settings(config=folder.config, state_dir=folder.path / "state"))
    rules = replace(rules_of(), api_token_digest=digest_of(TOKEN))
    with serving(Programme(ground), rules, trier=trier, desk=PaperDesk()) as url:
        yield schemathesis.openapi.from_url(f"{url}/api/v1/openapi.json")


def test_it_answers_as_it_says(api: BaseSchema) -> None:
    operations = [each.ok() for each in api.get_all_operations() if isinstance(each, Ok)]
    assert len(operations) >= 17
    for operation in operations:
        _answers_as_it_says(operation)


def _answers_as_it_says(operation: Any) -> None:
    @settings(
        max_examples=6,
        derandomize=True,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(operation.as_strategy())
    def each(case: schemathesis.Case[Any]) -> None:
        case.call_and_validate(headers={"authorization": f"Bearer {TOKEN}"}, checks=CHECKS)

    each()
