"""An object store on a loopback port, as far as publishing needs one: S3's PUT, HEAD, DELETE and list."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

BUCKET = "feeds"
KEY_ID, SECRET = "AKIDMADEUPFORTESTS", "made-up-secret-key"
_KEPT = ("content-type", "cache-control", "content-encoding", "x-amz-meta-")


@dataclass
class Stored:
    """An object: its bytes, and the headers that it is given out with."""

    body: bytes
    headers: dict[str, str]


@dataclass
class FakeS3:
    """What is stored under which key, what was asked, and which requests are answered with an error instead."""

    objects: dict[str, Stored] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    faults: dict[tuple[str, str], tuple[int, str]] = field(default_factory=dict)
    """By method and key ("" for the list): status and code."""
    port: int = 0

    @property
    def environment(self) -> Mapping[str, str]:
        """The variables that lead obstore here, and nowhere else."""
        return {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{self.port}",
            "AWS_METADATA_ENDPOINT": "http://127.0.0.1:9",
            "AWS_ALLOW_HTTP": "true",
            "AWS_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": KEY_ID,
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "IRCAL_PUBLISH__ATTEMPTS": "1",
        }

    def written(self) -> list[str]:
        """The keys that were written or removed since this was last asked, in order."""
        found = [f"{method} {key}" for method, key in self.asked if method in {"PUT", "DELETE"}]
        self.asked.clear()
        return found

    def _listing(self, prefix: str) -> str:
        inside = [key for key in sorted(self.objects) if key.startswith(prefix)]
        direct = [key for key in inside if "/" not in key.removeprefix(prefix)]
        below = sorted({prefix + key.removeprefix(prefix).partition("/")[0] + "/" for key in set(inside) - set(direct)})
        contents = "".join(
            f"<Contents><Key>{escape(key)}</Key><LastModified>2026-08-12T10:00:00.000Z</LastModified>"
            f"<ETag>&quot;x&quot;</ETag><Size>{len(self.objects[key].body)}</Size></Contents>"
            for key in direct
        )
        prefixes = "".join(f"<CommonPrefixes><Prefix>{escape(each)}</Prefix></CommonPrefixes>" for each in below)
        return f"<ListBucketResult><IsTruncated>false</IsTruncated>{contents}{prefixes}</ListBucketResult>"

    def answer(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> tuple[int, Stored]:
        """The status, and what is sent with it."""
        parts = urlsplit(target)
        bucket, _, key = unquote(parts.path).lstrip("/").partition("/")
        self.asked.append((method, key))
        if not headers.get("authorization", "").startswith(f"AWS4-HMAC-SHA256 Credential={KEY_ID}/"):
            return 403, _error("InvalidAccessKeyId")
        if bucket != BUCKET:
            return 404, _error("NoSuchBucket")
        if (method, key) in self.faults:
            status, code = self.faults[method, key]
            return status, _error(code)
        if key:
            return self._object(method, key, headers, body)
        return 200, _xml(self._listing(parse_qs(parts.query).get("prefix", [""])[0]))

    def _object(self, method: str, key: str, headers: Mapping[str, str], body: bytes) -> tuple[int, Stored]:
        if method == "PUT":
            self.objects[key] = Stored(body, {name: text for name, text in headers.items() if name.startswith(_KEPT)})
            return 200, Stored(b"", {})
        if method == "DELETE":
            self.objects.pop(key, None)
            return 204, Stored(b"", {})
        return (200, self.objects[key]) if key in self.objects else (404, _error("NoSuchKey"))


def _xml(text: str) -> Stored:
    return Stored(text.encode(), {"content-type": "application/xml"})


def _error(code: str) -> Stored:
    return _xml(f"<Error><Code>{code}</Code><Message>with the secret {SECRET} in it</Message></Error>")


@contextmanager
def fake_s3() -> Iterator[FakeS3]:
    """The store, running, with an empty bucket."""
    store = FakeS3()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            sent = {name.lower(): text for name, text in self.headers.items()}
            body = self.rfile.read(int(sent.get("content-length", 0)))
            status, found = store.answer(self.command, self.path, sent, body)
            self.send_response(status)
            self.send_header("ETag", '"x"')
            self.send_header("Last-Modified", "Wed, 12 Aug 2026 10:00:00 GMT")
            for name, text in found.headers.items():
                self.send_header(name, text)
            if status != 204:
                self.send_header("Content-Length", str(len(found.body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(found.body)

        do_GET = do_HEAD = do_PUT = do_DELETE = _answer  # noqa: N815 http.server's names

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    store.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield store
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
