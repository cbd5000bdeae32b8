"""What the API answers when it cannot do what was asked: always the same shape, never a traceback."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.routing import Match

from insulinoma.errors import ComputationError, InputError, UnknownNameError, UsageError


class FaultItem(BaseModel):
    """One fault of an input, as `check --json` gives it."""

    file: str
    line: int
    path: str
    kind: str
    problem: str
    expected: str
    remedy: str


class Problem(BaseModel):
    """Why a request was refused; `faults` are those of the input, all at once."""

    kind: str
    message: str
    faults: list[FaultItem]


class NotFoundError(Exception):
    """There is nothing under this name; the answer is 404."""


class ConflictError(Exception):
    """What was asked does not fit the present state; the answer is 409."""


_WORDS = {400: "The request cannot be read.", 404: "There is nothing at this address.", 405: "Not with this method."}
_MEANINGS = {
    400: "The request cannot be read",
    401: "No session",
    403: "Another host, another origin, or no write header",
    404: "There is nothing under this name",
    405: "Not with this method",
    409: "It does not fit the present state",
    413: "The body is too large",
    422: "The input has faults",
}


def answers(*codes: int) -> dict[int | str, dict[str, Any]]:
    """The documented refusals of an operation, for OpenAPI; 400, 401, 403 and 413 are those of every one."""
    return {code: {"model": Problem, "description": _MEANINGS[code]} for code in sorted({400, 401, 403, 413, *codes})}


def problem(status: int, kind: str, message: str, faults: list[dict[str, Any]] | None = None) -> JSONResponse:
    """The answer to a request that is refused."""
    return JSONResponse({"kind": kind, "message": message, "faults": faults or []}, status)


def add_handlers(app: FastAPI) -> None:
    """Every error of the package and of the framework in one shape."""
    for kind, handler in _HANDLERS.items():
        app.add_exception_handler(kind, handler)


async def _input(_: Request, error: Any) -> JSONResponse:
    count = len(error.faults)
    message = f"The input has {count} {'fault' if count == 1 else 'faults'}."
    return problem(422, "faults", message, [asdict(fault) for fault in error.faults])


async def _usage(_: Request, error: Any) -> JSONResponse:
    return problem(422, "usage", str(error))


async def _computation(_: Request, error: Any) -> JSONResponse:
    return problem(422, "computation", str(error))


async def _missing(_: Request, error: Any) -> JSONResponse:
    return problem(404, "not_found", str(error))


async def _conflict(_: Request, error: Any) -> JSONResponse:
    return problem(409, "conflict", str(error))


async def _form(_: Request, error: Any) -> JSONResponse:
    faults = [
        {
            "file": "request",
            "line": 0,
            "path": ".".join(str(part) for part in item["loc"]),
            "kind": item["type"],
            "problem": item["msg"],
            "expected": "",
            "remedy": "",
        }
        for item in error.errors()
    ]
    return problem(422, "request", "The request does not have the documented form.", faults)


async def _http(request: Request, error: Any) -> JSONResponse:
    answer = problem(error.status_code, "http", _WORDS.get(error.status_code, "The request was refused."))
    answer.headers.update(error.headers or {})
    if error.status_code == 405:
        answer.headers["allow"] = ", ".join(_methods(request))
    return answer


def _methods(request: Request) -> list[str]:
    """The methods of all operations at the path of a request."""
    found = set()
    for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
        scope = {**request.scope, "method": method}
        if any(route.matches(scope)[0] is Match.FULL for route in request.app.routes):
            found.add(method)
    return sorted(found)


async def _internal(_: Request, error: Any) -> JSONResponse:
    return problem(500, "internal", "The server met an error of its own.")


_HANDLERS: dict[type[Exception], Any] = {
    InputError: _input,
    UnknownNameError: _usage,
    UsageError: _usage,
    ComputationError: _computation,
    NotFoundError: _missing,
    ConflictError: _conflict,
    RequestValidationError: _form,
    HTTPException: _http,
    Exception: _internal,
}
