"""The guard before every request: address, origin, session, size; and the headers of every answer."""

from __future__ import annotations

import json
import logging
import traceback
from http.cookies import CookieError, SimpleCookie
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from insulinoma.app.access import WRITE_HEADER, Access

MOST_BYTES = 4 * 1024 * 1024
_OPEN = ("/start", "/login", "/static/style.css", "/static/login.css", "/favicon.ico")
_POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
_HEADERS = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
    "cache-control": "no-store",
}
_LOG = logging.getLogger("insulinoma.app")


class TooLargeError(Exception):
    """A body that grew beyond the limit while it was read."""


class Guard:
    """An ASGI application around another one; nothing reaches that one unless the guard lets it."""

    def __init__(self, app: ASGIApp, access: Access) -> None:
        self.app, self.access = app, access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuses or passes on one request; no error leaves it with its text."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return
        exchange = _Exchange(receive, send)
        refused = self._refusal(scope)
        if refused is not None:
            await _refuse(exchange.send, scope, *refused)
            return
        try:
            await self.app(scope, exchange.receive, exchange.send)
        except Exception as error:
            if not isinstance(error, TooLargeError):
                _LOG.error("%s at %s", type(error).__name__, _where(error))
            if not exchange.started:
                await _problem(exchange.send, 500, "internal", "The server met an error of its own.")

    def _refusal(self, scope: Scope) -> tuple[int, str, str] | None:
        headers = Headers(scope=scope)
        if headers.getlist("host") != [self.access.host]:
            return 403, "host", f"This server answers to {self.access.host} only."
        site = headers.get("sec-fetch-site", "same-origin")
        writes = scope["method"] not in ("GET", "HEAD")
        origin = headers.get("origin")
        if origin not in (None, self.access.origin) or (writes and site not in ("same-origin", "none")):
            return 403, "origin", "The request comes from another site."
        path = scope["path"]
        if writes and path != "/login" and headers.get(WRITE_HEADER) != "1":
            return 403, "write_header", f"A request that changes something carries the header '{WRITE_HEADER}: 1'."
        if _declared_length(headers) > MOST_BYTES:
            return 413, "too_large", _TOO_LARGE
        if path not in _OPEN and not self.access.holds(session_of(headers, self.access)):
            return 401, "no_session", "There is no session. Open the start link that `insulinoma app` printed."
        return None


_TOO_LARGE = f"A request holds at most {MOST_BYTES // 1024**2} MiB."


def session_of(headers: Headers, access: Access) -> str:
    """The session that a request carries in its cookie, or nothing."""
    try:
        cookies = SimpleCookie(headers.get("cookie", ""))
    except CookieError:
        return ""
    found = cookies.get(access.cookie)
    return found.value if found is not None else ""


def _declared_length(headers: Headers) -> int:
    text = headers.get("content-length", "0")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else MOST_BYTES + 1


class _Exchange:
    """One request and its answer: counts what comes in, adds the headers to what goes out."""

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive, self._send = receive, send
        self._size = 0
        self.started = False
        self._closed = False

    async def receive(self) -> Message:
        """The next part of the body; TooLargeError beyond the limit."""
        message = await self._receive()
        self._size += len(message.get("body", b""))
        if self._size > MOST_BYTES:
            raise TooLargeError
        return message

    async def send(self, message: Message) -> None:
        """Passes an answer on; the answer to a body that was too large is always 413."""
        if self._closed:
            return
        if message["type"] == "http.response.start":
            if self._size > MOST_BYTES and not self.started:
                self._size = 0
                await _problem(self.send, 413, "too_large", _TOO_LARGE)
                self._closed = True
                return
            self.started = True
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)
        await self._send(message)


_PAGE = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>insulinoma</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="stylesheet" href="/static/style.css">
</head><body><main class="alone"><h1>insulinoma</h1><p>{message}</p></main></body></html>"""


async def _refuse(send: Send, scope: Scope, status: int, kind: str, message: str) -> None:
    """Refuses in words for a person who opens a page, as JSON for a program."""
    if kind != "no_session" or "text/html" not in Headers(scope=scope).get("accept", ""):
        await _problem(send, status, kind, message)
        return
    body = _PAGE.format(message=message).encode()
    headers: list[Any] = [(b"content-type", b"text/html; charset=utf-8")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _problem(send: Send, status: int, kind: str, message: str) -> None:
    body = json.dumps({"kind": kind, "message": message, "faults": []}).encode()
    headers: list[Any] = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _where(error: Exception) -> str:
    """Where an error was raised, without its message, which may hold data of a patient."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{last.filename.rsplit('/', 1)[-1]}:{last.lineno}"
