"""`insulinoma app`: the web app on this machine."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from insulinoma.cli.output import say
from insulinoma.errors import UsageError

_LOOPBACK = ("127.0.0.1", "localhost", "::1")

HostOption = Annotated[str, typer.Option("--host", help="The address to listen on; others than loopback need more.")]
PortOption = Annotated[int, typer.Option("--port", min=0, max=65535, help="The port; 0 takes a free one.")]
BrowserOption = Annotated[bool, typer.Option("--no-browser", help="Do not open a browser.")]
WorkspaceOption = Annotated[
    Path | None, typer.Option("--workspace", file_okay=False, help="The folder that keeps uploads and jobs.")
]
PasswordOption = Annotated[
    Path | None, typer.Option("--password-file", exists=True, dir_okay=False, help="A file that holds the password.")
]
CertificateOption = Annotated[
    Path | None, typer.Option("--tls-certificate", exists=True, dir_okay=False, help="The certificate, as PEM.")
]
KeyOption = Annotated[Path | None, typer.Option("--tls-key", exists=True, dir_okay=False, help="Its key, as PEM.")]
ProxyOption = Annotated[
    str | None, typer.Option("--proxy", help="The https address of the proxy that stands before this server.")
]


def app(
    port: PortOption = 8640,
    no_browser: BrowserOption = False,
    workspace: WorkspaceOption = None,
    host: HostOption = "127.0.0.1",
    password_file: PasswordOption = None,
    tls_certificate: CertificateOption = None,
    tls_key: KeyOption = None,
    proxy: ProxyOption = None,
) -> None:
    """Open the web app on this machine: the case, the evidence, the model; stop it with Ctrl+C.

    On another address than loopback it wants --password-file, and TLS files or --proxy.

    Example: insulinoma app --port 8640
    """
    from insulinoma.app.access import Access
    from insulinoma.app.listen import listen
    from insulinoma.app.server import create_app, serve
    from insulinoma.app.workspace import Workspace, default_folder

    tls = _tls(tls_certificate, tls_key)
    _check_address(host, password_file, tls, proxy)
    password = _password(password_file)
    folder = Workspace(workspace or default_folder())
    folder.claim()
    listener = listen(host, port)
    origin = proxy or _origin(host, listener.getsockname()[1], tls is not None)
    access = Access(origin, password)
    link = access.start_link() if access.password_hash is None else f"{origin}/login"
    say(f"The app runs at {link}\nWorkspace: {folder.folder}. Stop it with Ctrl+C.")
    if not no_browser and host in _LOOPBACK:
        typer.launch(link)
    serve(create_app(folder, access), listener=listener, tls=tls)


def _tls(certificate: Path | None, key: Path | None) -> tuple[Path, Path] | None:
    if certificate is None and key is None:
        return None
    if certificate is None or key is None:
        raise UsageError("One of the TLS files was given. Expected --tls-certificate and --tls-key together.")
    return certificate, key


def _check_address(host: str, password: Path | None, tls: tuple[Path, Path] | None, proxy: str | None) -> None:
    """Whether others may reach the server safely; UsageError with what is missing."""
    if proxy is not None and (not proxy.startswith("https://") or "/" in proxy.removeprefix("https://")):
        raise UsageError(f"{proxy!r} is not the address of a proxy. Expected a form such as https://twin.example.org.")
    if host in _LOOPBACK and proxy is None:
        return
    if password is None:
        raise UsageError("Others can reach this server. Expected --password-file.")
    if tls is None and proxy is None:
        raise UsageError("Others can reach this server. Expected --tls-certificate and --tls-key, or --proxy.")
    if proxy is None and host in ("0.0.0.0", "::"):  # noqa: S104
        raise UsageError(f"{host} is every address. Expected the one under which browsers reach it, or --proxy.")


def _origin(host: str, port: int, tls: bool) -> str:
    scheme, usual = ("https", 443) if tls else ("http", 80)
    name = f"[{host}]" if ":" in host else host
    return f"{scheme}://{name}" if port == usual else f"{scheme}://{name}:{port}"


def _password(file: Path | None) -> bytes | None:
    """The hash of the password in a file."""
    from insulinoma.app.access import password_hash

    if file is None:
        return None
    password = file.read_text(encoding="utf-8").strip()
    if len(password) < 12:
        raise UsageError(f"The password in {file} is too short. Expected at least 12 characters.")
    return password_hash(password)
