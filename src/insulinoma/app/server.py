"""The server: the API, the built pages, and the guard before both."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from starlette.types import ASGIApp

from insulinoma import __version__
from insulinoma.app.access import Access
from insulinoma.app.api import evidence, jobs, records, simulate, twins
from insulinoma.app.guard import Guard
from insulinoma.app.jobs import Jobs
from insulinoma.app.pages import pages
from insulinoma.app.problems import add_handlers
from insulinoma.app.records import Records
from insulinoma.app.workspace import Workspace
from insulinoma.intended_use import INTENDED_USE

STATIC = Path(str(files("insulinoma.app").joinpath("static")))


def create_app(workspace: Workspace, access: Access) -> ASGIApp:
    """The application of a workspace behind its guard."""
    return Guard(create_api(workspace, access), access)


def create_api(workspace: Workspace, access: Access) -> FastAPI:
    """The application without its guard; the OpenAPI document is that of this one."""
    kept, running = Records(workspace), Jobs(workspace)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        running.close()
        workspace.release()

    api = FastAPI(
        title="insulinoma",
        version=__version__,
        description=f"The public HTTP API of `insulinoma app`. {INTENDED_USE}",
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        separate_input_output_schemas=False,
    )
    api.state.workspace, api.state.jobs = workspace, running
    add_handlers(api)
    rooms = (
        records.routes(kept),
        evidence.routes(),
        simulate.routes(),
        twins.routes(running, kept),
        jobs.routes(running, kept),
    )
    for router in (pages(access, STATIC), *rooms):
        api.include_router(router)
    api.mount("/static", StaticFiles(directory=STATIC))
    return api


def serve(app: ASGIApp, *, listener: socket.socket, tls: tuple[Path, Path] | None) -> None:
    """Runs the server on a socket until it is stopped; nothing of a request is logged."""
    import uvicorn

    options: dict[str, Any] = {"ssl_certfile": str(tls[0]), "ssl_keyfile": str(tls[1])} if tls else {}
    config = uvicorn.Config(
        app, log_level="warning", access_log=False, server_header=False, proxy_headers=False,
        limit_concurrency=200, timeout_graceful_shutdown=3, **options,
    )  # fmt: skip
    uvicorn.Server(config).run(sockets=[listener])
