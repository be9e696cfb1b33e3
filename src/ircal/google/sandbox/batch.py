"""Batches: many calls in one request, `multipart/mixed`, each part a whole HTTP request and then a whole response.

From the documentation: at most 1000 calls; the outer headers count for every call that does not have its own; each
answer bears its call's Content-ID behind `response-`; no order of execution is promised. The sandbox carries them out
from the last to the first, so that a client that needs an order is found out.
"""

from collections.abc import Mapping
from email.message import Message
from email.parser import BytesParser
from http import HTTPStatus
from secrets import token_hex
from urllib.parse import urlsplit

from ircal.google.sandbox.calls import Answer, Call, Handler
from ircal.google.sandbox.errors import BadRequest

MAX_CALLS = 1000


def answer_batch(content_type: str, headers: Mapping[str, str], body: bytes, handler: Handler) -> tuple[str, bytes]:
    """Answer every call of a batch: the content type and body of the whole."""
    parts = _parts(content_type, body)
    calls = [_read_call(part, headers) for part in parts]
    answers = [handler(call) for call in reversed(calls)][::-1]
    boundary = f"batch_{token_hex(16)}"
    written = [
        b"--" + boundary.encode() + b"\r\n" + _write_part(_content_id(part), answer)
        for part, answer in zip(parts, answers, strict=True)
    ]
    return f"multipart/mixed; boundary={boundary}", b"".join(written) + f"--{boundary}--\r\n".encode()


def _parts(content_type: str, body: bytes) -> list[Message]:
    message = BytesParser().parsebytes(f"Content-Type: {content_type}\r\n\r\n".encode("latin-1") + body)
    parts = message.get_payload() if message.is_multipart() else []
    found = [part for part in parts if isinstance(part, Message)] if isinstance(parts, list) else []
    if not found:
        raise BadRequest("The batch request is empty or not multipart/mixed.")
    if len(found) > MAX_CALLS:
        raise BadRequest(f"The batch request has more than {MAX_CALLS} calls.")
    return found


def _read_call(part: Message, outer: Mapping[str, str]) -> Call:
    content = part.get_payload(decode=True)
    request_line, _, rest = (content if isinstance(content, bytes) else b"").lstrip().partition(b"\n")
    words = request_line.decode("latin-1").split()
    if len(words) < len(("method", "target")):
        raise BadRequest("A part of the batch request is not an HTTP request.")
    inner = BytesParser().parsebytes(rest)
    sent = inner.get_payload(decode=True)
    target = urlsplit(words[1])
    shared = {"authorization": outer["authorization"]} if "authorization" in outer else {}
    headers = shared | {name.lower(): str(value) for name, value in inner.items()}
    return Call(words[0], target.path, target.query, headers, sent if isinstance(sent, bytes) else b"", in_batch=True)


def _content_id(part: Message) -> str:
    # A long id arrives folded over two lines.
    return " ".join(str(part.get("Content-ID", "")).split()).removeprefix("<").removesuffix(">")


def _write_part(content_id: str, answer: Answer) -> bytes:
    content = answer.content
    reason = HTTPStatus(answer.status).phrase
    inner = [f"HTTP/1.1 {answer.status} {reason}", *(f"{name}: {value}" for name, value in answer.headers.items())]
    outer = ["Content-Type: application/http", f"Content-ID: <response-{content_id}>", ""]
    lines = [*outer, *inner, f"Content-Length: {len(content)}", "", ""]
    return "\r\n".join(lines).encode("latin-1") + content + b"\r\n"
