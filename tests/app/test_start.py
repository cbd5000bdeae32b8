"""Where the server may be reached: on loopback at once, elsewhere behind a password and TLS."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from insulinoma.app import server
from insulinoma.app.listen import listen
from insulinoma.cli import main

PASSWORD, TLS = ["--password-file", "password.txt"], ["--tls-certificate", "a.pem", "--tls-key", "a.key"]
ELSEWHERE = ["--host", "192.0.2.1"]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder with the files that are named, and no server that could start."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(server, "serve", lambda *_, **__: pytest.fail("it started"))
    for name, text in (
        ("password.txt", "a sentence as password"),
        ("short.txt", "secret"),
        ("a.pem", ""),
        ("a.key", ""),
    ):
        Path(name).write_text(text)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (ELSEWHERE, "Expected --password-file."),
        ([*ELSEWHERE, *TLS], "Expected --password-file."),
        ([*ELSEWHERE, *PASSWORD], "Expected --tls-certificate and --tls-key, or --proxy."),
        ([*ELSEWHERE, *PASSWORD, *TLS[:2]], "Expected --tls-certificate and --tls-key together."),
        ([*ELSEWHERE, "--password-file", "short.txt", *TLS], "Expected at least 12 characters."),
        (["--host", "0.0.0.0", *PASSWORD, *TLS], "Expected the one under which browsers reach it"),  # noqa: S104
        (["--proxy", "https://twin.example.org"], "Expected --password-file."),
        (["--proxy", "http://twin.example.org", *PASSWORD], "Expected a form such as https://"),
    ],
)
def test_others_reach_the_server_by_password_and_tls_alone(
    options: list[str], expected: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        main(["app", "--no-browser", "--workspace", "workspace", *options])
    assert left.value.code == 2
    assert expected in " ".join(capsys.readouterr().err.split())


def test_the_end_of_an_answer_does_not_wait_for_its_beginning_to_be_acknowledged() -> None:
    with listen("127.0.0.1", 0) as listener, socket.create_connection(listener.getsockname()):
        accepted, _ = listener.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
