"""The application of the API, and what holds for all of its answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import FastAPI

from ircal.web.api import reading, syncing, trying
from ircal.web.api.access import Access
from ircal.web.api.problems import handle_all
from ircal.web.api.unchanged import Unchanged, not_modified

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from ircal.web.desk import SyncDesk
    from ircal.web.pages.frame import Frame
    from ircal.web.trial import Trier

PATH = "/api/v1"
PREVIEW = f"{PATH}/preview"
_DESCRIPTION = """\
Everything that ircal's pages show, and what they do. What is not for everybody takes a session, or
`Authorization: Bearer` with the token of `IRCAL_ADMIN__API_TOKEN`; a person's own secret opens their agenda.
Errors are `application/problem+json`.
"""


def create_api(frame: Frame, trier: Trier | None = None, desk: SyncDesk | None = None) -> ASGIApp:
    """The application. Without a `trier` no sheet is tried out, without a `desk` there is nothing of Google calendars.

    There is no page of documentation: it would have to load its script from elsewhere.
    """
    app = FastAPI(
        title="ircal",
        version="1",
        description=_DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        separate_input_output_schemas=False,
        redirect_slashes=False,
        swagger_ui_oauth2_redirect_url=None,
    )
    access = Access(frame)
    app.include_router(reading.router(frame, access))
    if trier:
        app.include_router(trying.router(trier, access))
    if desk:
        app.include_router(syncing.router(desk, access))
    handle_all(app)
    app.add_exception_handler(Unchanged, not_modified)
    _describe_access(app)
    return _Named(app)


def _describe_access(app: FastAPI) -> None:
    """Add to the OpenAPI description by what callers are known."""
    described = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            schema = described()
            bearer = {"type": "http", "scheme": "bearer", "description": "IRCAL_ADMIN__API_TOKEN, or a person's secret"}
            schema.setdefault("components", {})["securitySchemes"] = {"bearer": bearer}
            schema["security"] = [{}, {"bearer": []}]
        return app.openapi_schema or {}

    app.openapi = openapi  # type: ignore[method-assign]


class _Named:
    """Calls the API by its name in the log."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["ircal.about"] = "api"
        await self._app(scope, receive, send)
