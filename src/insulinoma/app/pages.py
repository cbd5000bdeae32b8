"""The pages: the one that holds the app, the start link, signing in and out."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse, Response

from insulinoma.app.access import Access
from insulinoma.app.api.shapes import About, Link
from insulinoma.app.guard import session_of
from insulinoma.app.problems import answers
from insulinoma.intended_use import INTENDED_USE

_PAGE = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>insulinoma</title>{head}
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="stylesheet" href="/static/style.css">
</head><body><main class="alone"><h1>insulinoma</h1>{body}</main></body></html>"""
_SIGN_IN = """<form method="post" action="/login"><label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required autofocus>
<button type="submit">Sign in</button>{message}</form>"""


def pages(access: Access, static: Path) -> APIRouter:
    """The pages, and what the app asks about itself."""
    router = APIRouter()
    _add_pages(router, access, static)
    _add_session(router, access)
    return router


def _add_pages(router: APIRouter, access: Access, static: Path) -> None:
    @router.get("/", include_in_schema=False)
    def home() -> FileResponse:
        return FileResponse(static / "index.html")

    @router.get("/favicon.ico", include_in_schema=False)
    def icon() -> FileResponse:
        return FileResponse(static / "icon.svg", media_type="image/svg+xml")

    @router.get("/start", include_in_schema=False)
    def start(request: Request, token: str = "") -> Response:
        if access.holds(session_of(request.headers, access)):
            return RedirectResponse("/", 303)
        session = access.use_token(token)
        if session is None:
            return _page("<p>This start link was used before, or is not of this server.</p>", status=403)
        # A page that moves on by itself, not a redirect: a strict cookie is not sent on a redirect from another site.
        page = _page('<p><a href="/">Open the app</a></p>', head='<meta http-equiv="refresh" content="0;url=/">')
        return _with_session(page, session, access)

    @router.get("/login", include_in_schema=False)
    def sign_in_page() -> Response:
        return _sign_in(access, "")

    @router.post("/login", include_in_schema=False)
    def sign_in(password: Annotated[str, Form(max_length=1000)] = "") -> Response:
        session = access.use_password(password)
        if session is None:
            return _sign_in(access, "The password is wrong, or there were too many tries in a minute.", status=403)
        return _with_session(RedirectResponse("/", 303), session, access)


def _add_session(router: APIRouter, access: Access) -> None:
    @router.get("/api/v1/about", responses=answers(), response_model=About, tags=["session"])
    def about() -> dict[str, Any]:
        """The program and its intended use."""
        from insulinoma import __version__

        return {"software": f"insulinoma {__version__}", "intended_use": INTENDED_USE}

    @router.post("/api/v1/session/link", responses=answers(), response_model=Link, tags=["session"])
    def new_link() -> dict[str, Any]:
        """A start link for one more browser; it works once."""
        return {"link": access.start_link()}

    @router.delete("/api/v1/session", status_code=204, responses=answers(), tags=["session"])
    def sign_out(request: Request) -> Response:
        """Ends this session."""
        access.end(session_of(request.headers, access))
        answer = Response(status_code=204)
        answer.delete_cookie(access.cookie)
        return answer


def _sign_in(access: Access, message: str, status: int = 200) -> Response:
    if access.password_hash is None:
        return _page("<p>Open the start link that <code>insulinoma app</code> printed.</p>", status=status)
    told = f'<p role="alert">{escape(message)}</p>' if message else ""
    return _page(_SIGN_IN.format(message=told), status=status)


def _page(body: str, *, head: str = "", status: int = 200) -> HTMLResponse:
    return HTMLResponse(_PAGE.format(head=head, body=body), status)


def _with_session(answer: Response, session: str, access: Access) -> Response:
    answer.set_cookie(access.cookie, session, httponly=True, samesite="strict", secure=access.secure, path="/")
    return answer
