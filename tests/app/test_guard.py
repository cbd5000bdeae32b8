"""Who is let in: every attack of the list is refused, and nothing of it is told."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from insulinoma.app.access import Access, password_hash
from insulinoma.app.guard import MOST_BYTES
from tests.app.conftest import WRITE, Live, served

READ = "/api/v1/records"


def test_no_session_no_answer(stranger: httpx.Client) -> None:
    for path in (READ, "/", "/api/v1/openapi.json", "/static/main.js", "/api/v1/jobs"):
        assert stranger.get(path).status_code == 401, path
    assert "start link" in stranger.get("/", headers={"accept": "text/html"}).text


def test_a_start_link_opens_one_session_and_is_used_up(stranger: httpx.Client, server: Live) -> None:
    link = server.access.start_link()
    opened = stranger.get(link)
    cookie = opened.headers["set-cookie"]
    assert opened.status_code == 200
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert stranger.get(READ).status_code == 200
    assert stranger.get(link, follow_redirects=False).status_code == 303
    stranger.cookies.clear()
    assert stranger.get(link).status_code == 403
    assert stranger.get(READ).status_code == 401


def test_a_wrong_token_and_a_session_of_another_server_are_refused(stranger: httpx.Client, server: Live) -> None:
    assert stranger.get("/start?token=guess").status_code == 403
    stranger.cookies.set(server.access.cookie, "guess")
    assert stranger.get(READ).status_code == 401


def test_a_name_that_was_bound_to_this_machine_is_refused(client: httpx.Client) -> None:
    right = client.base_url.netloc.decode()
    port = client.base_url.port
    for host in ("evil.example", "127.0.0.1", "127.0.0.1:80", f"localhost:{port}", f"{right}.evil.example", ""):
        assert client.get(READ, headers={"host": host}).status_code == 403, host


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example", **WRITE},
        {"origin": "null", **WRITE},
        {"origin": "http://127.0.0.1:8641", **WRITE},
        {"sec-fetch-site": "cross-site", **WRITE},
        {"sec-fetch-site": "same-site", **WRITE},
        {"x-insulinoma": "0"},
    ],
)
def test_a_write_from_another_site_is_refused(client: httpx.Client, headers: dict[str, str]) -> None:
    answer = client.post("/api/v1/jobs", json={"kind": "report", "record": "muro-2014"}, headers=headers)
    assert answer.status_code == 403
    assert client.get("/api/v1/jobs").json() == {"jobs": []}


def test_a_read_from_another_site_is_refused(client: httpx.Client) -> None:
    assert client.get(READ, headers={"origin": "https://evil.example"}).status_code == 403
    assert "access-control-allow-origin" not in client.get(READ).headers


@pytest.mark.parametrize("declared", [True, False])
def test_a_body_that_is_too_large_is_refused(client: httpx.Client, declared: bool) -> None:
    head = b'--x\r\ncontent-disposition: form-data; name="files"; filename="a.yaml"\r\n\r\n'
    parts = [head, *([b"x" * (MOST_BYTES // 2)] * 3), b"\r\n--x--\r\n"]
    headers = {"content-type": "multipart/form-data; boundary=x"}
    content = b"".join(parts) if declared else iter(parts)
    assert client.post("/api/v1/records", content=content, headers=headers).status_code == 413


@pytest.mark.parametrize(
    "path",
    [
        "/static/../server.py",
        "/static/%2e%2e/server.py",
        "/static/..%2fserver.py",
        "/static/....//server.py",
        "/static//etc/passwd",
        "/api/v1/jobs/..%2f..%2fworkspace.sqlite3",
        "/api/v1/jobs/j-1/files/..%2f..%2fworkspace.sqlite3",
        "/api/v1/jobs/../../files/workspace.sqlite3",
        "/api/v1/records/..%2f..%2f..%2fetc%2fpasswd",
        "/api/v1/records/%00",
    ],
)
def test_no_path_leads_out(client: httpx.Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code in (400, 404, 405)
    assert "SQLite" not in answer.text
    assert "import" not in answer.text


def test_every_answer_carries_the_headers(client: httpx.Client) -> None:
    for path in ("/", READ, "/static/main.js", "/api/v1/records/none"):
        headers = client.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'self'" in policy
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"


def test_an_error_of_its_own_tells_nothing(
    client: httpx.Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_: object) -> None:
        raise RuntimeError("glucose of Mrs Smith")

    monkeypatch.setattr("insulinoma.app.facts.facts_of", broken)
    answer = client.get("/api/v1/records/muro-2014")
    assert answer.status_code == 500
    assert answer.json()["kind"] == "internal"
    assert "Smith" not in answer.text + caplog.text
    assert "RuntimeError at" in caplog.text


def test_a_password_opens_a_session_and_guessing_is_slowed(tmp_path: Path) -> None:
    with (
        served(tmp_path, password=password_hash("a long sentence")) as live,
        httpx.Client(base_url=live.access.origin) as client,
    ):
        assert client.get(READ).status_code == 401
        assert client.post("/login", data={"password": "wrong"}).status_code == 403
        foreign = {"origin": "https://evil.example"}
        assert client.post("/login", data={"password": "a long sentence"}, headers=foreign).status_code == 403
        assert client.post("/login", data={"password": "a long sentence"}).status_code == 303
        assert client.get(READ).status_code == 200
        client.cookies.clear()
        for _ in range(12):
            client.post("/login", data={"password": "wrong"})
        assert client.post("/login", data={"password": "a long sentence"}).status_code == 403


def test_the_cookie_is_secure_behind_tls() -> None:
    access = Access("https://twin.example.org", password_hash("a long sentence"))
    assert access.secure
    assert access.host == "twin.example.org"
    assert access.cookie == "insulinoma-session-443"


def test_signing_out_ends_the_session(client: httpx.Client) -> None:
    kept = dict(client.cookies)
    assert client.delete("/api/v1/session").status_code == 204
    client.cookies.update(kept)
    assert client.get(READ).status_code == 401


def test_one_more_browser_gets_a_link_of_its_own(client: httpx.Client, server: Live) -> None:
    link = client.post("/api/v1/session/link").json()["link"]
    client.cookies.clear()
    assert link.startswith(server.access.origin)
    assert client.get(link).status_code == 200
    assert client.get(READ).status_code == 200
