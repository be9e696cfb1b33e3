"""The sandbox on the wire: a Starlette application that turns requests into calls and answers into responses.

    /calendar/v3/...        the API
    /batch/calendar/v3      many calls of it at once
    /token                  sign in
    /                       a page for humans
    /sandbox/ledger         every call so far, as JSON

Only a loopback host name is answered, lest a web page elsewhere reach the sandbox through its visitor's browser.
"""

from dataclasses import asdict

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from ircal.google.sandbox import page
from ircal.google.sandbox.batch import answer_batch
from ircal.google.sandbox.calls import API_PATH, Answer, Call, Cut, refusal
from ircal.google.sandbox.errors import NotFound, SandboxError
from ircal.google.sandbox.gateway import NO_ANSWER, Gateway
from ircal.google.sandbox.signin import Refused, SignIn

BATCH_PATH = "/batch/calendar/v3"
TOKEN_PATH = "/token"  # noqa: S105  # a path

_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]


def create_app(gateway: Gateway, sign_in: SignIn) -> Starlette:
    """The application that serves one world."""
    edge = _Edge(gateway, sign_in)
    return Starlette(
        routes=[
            Route(API_PATH + "{rest:path}", edge.call, methods=_METHODS),
            Route(BATCH_PATH, edge.batch, methods=["POST"]),
            Route(TOKEN_PATH, edge.token, methods=["POST"]),
            Route("/sandbox/ledger", edge.ledger),
            Route("/", edge.front_page),
        ],
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost"])],
        exception_handlers={404: _not_found},
    )


class _Edge:
    """The endpoints."""

    def __init__(self, gateway: Gateway, sign_in: SignIn) -> None:
        self._gateway = gateway
        self._sign_in = sign_in

    async def call(self, request: Request) -> Response:
        call = await _read(request)
        try:
            return _response(await run_in_threadpool(self._gateway, call))
        except Cut:
            return _CutShort()

    async def batch(self, request: Request) -> Response:
        call = await _read(request)
        try:
            content_type, content = await run_in_threadpool(
                answer_batch, call.header("content-type"), call.headers, call.body, self._gateway
            )
        except SandboxError as error:
            self._gateway.ledger.note(call, error.status)
            return _response(refusal(error))
        except Cut:
            self._gateway.ledger.note(call, NO_ANSWER)
            return _CutShort()
        self._gateway.ledger.note(call, 200)
        return Response(content, headers={"Content-Type": content_type})

    async def token(self, request: Request) -> Response:
        try:
            return JSONResponse(self._sign_in.token(await request.body()))
        except Refused as refused:
            return JSONResponse(refused.body, status_code=400)

    async def ledger(self, _request: Request) -> Response:
        return JSONResponse([asdict(entry) for entry in self._gateway.ledger.entries()])

    async def front_page(self, _request: Request) -> Response:
        world = self._gateway.world
        with world.lock:
            return HTMLResponse(page.front_page(world.calendars), headers=page.HEADERS)


class _CutShort(Response):
    """An answer that begins and never ends: the server closes the connection when nothing more comes."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        del scope, receive
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"1000")]})


async def _read(request: Request) -> Call:
    # Starlette's own path is decoded, and a calendar id may hold an encoded slash.
    path = request.scope["raw_path"].decode("latin-1")
    headers = {name.lower(): value for name, value in request.headers.items()}
    return Call(request.method, path, request.url.query, headers, await request.body())


def _response(answer: Answer) -> Response:
    return Response(answer.content, status_code=answer.status, headers=answer.headers)


async def _not_found(_request: Request, _error: Exception) -> Response:
    return _response(refusal(NotFound()))
