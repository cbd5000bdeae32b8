"""Who may ask: the address of the server, the one-time start link, sessions and the password."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from dataclasses import dataclass, field
from urllib.parse import urlsplit

COOKIE = "insulinoma-session"
WRITE_HEADER = "x-insulinoma"
_TRIES, _TRIES_WINDOW = 10, 60.0
_MOST_SESSIONS, _MOST_LINKS = 1000, 100


@dataclass
class Access:
    """The rules of one server: where it is reached, who holds a session.

    `origin` is the address in the browser, such as `http://127.0.0.1:8640`; another Host or Origin is
    refused. A start token opens one session and is used up by that. `password_hash` is set where the
    server is reached by others than this machine.
    """

    origin: str
    password_hash: bytes | None = None
    _tokens: set[bytes] = field(default_factory=set)
    _sessions: dict[bytes, None] = field(default_factory=dict)
    _failures: list[float] = field(default_factory=list)

    @property
    def host(self) -> str:
        """The Host header that requests must carry."""
        return urlsplit(self.origin).netloc

    @property
    def secure(self) -> bool:
        """Whether browsers reach the server over TLS."""
        return self.origin.startswith("https://")

    @property
    def cookie(self) -> str:
        """The name of the session cookie; servers on other ports have other names."""
        port = urlsplit(self.origin).port or (443 if self.secure else 80)
        return f"{COOKIE}-{port}"

    def start_link(self) -> str:
        """A new link that opens one session."""
        token = secrets.token_urlsafe(32)
        if len(self._tokens) >= _MOST_LINKS:
            self._tokens.pop()
        self._tokens.add(_hash(token))
        return f"{self.origin}/start?token={token}"

    def use_token(self, token: str) -> str | None:
        """A new session for a token that was not used before, else None."""
        mark = _hash(token)
        if mark not in self._tokens:
            return None
        self._tokens.discard(mark)
        return self._new_session()

    def use_password(self, password: str) -> str | None:
        """A new session for the right password; None for a wrong one or after too many tries in a minute."""
        now = time.monotonic()
        self._failures = [moment for moment in self._failures if now - moment < _TRIES_WINDOW]
        if self.password_hash is None or len(self._failures) >= _TRIES:
            return None
        if hmac.compare_digest(_hash(password), self.password_hash):
            return self._new_session()
        self._failures.append(now)
        return None

    def holds(self, session: str) -> bool:
        """Whether a session was opened by this server and not ended."""
        return _hash(session) in self._sessions

    def end(self, session: str) -> None:
        """Ends a session."""
        self._sessions.pop(_hash(session), None)

    def _new_session(self) -> str:
        session = secrets.token_urlsafe(32)
        while len(self._sessions) >= _MOST_SESSIONS:
            self._sessions.pop(next(iter(self._sessions)))
        self._sessions[_hash(session)] = None
        return session


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).digest()


def password_hash(password: str) -> bytes:
    """The hash under which a password is kept in memory.

    >>> len(password_hash("a long sentence"))
    32
    """
    return _hash(password)
