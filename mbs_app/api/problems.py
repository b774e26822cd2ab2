"""Errors as RFC 9457 problem documents."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from mbs_app.api.dependencies import caller_words, client_address
from mbs_app.domain.errors import (
    Busy,
    Conflict,
    InvalidInput,
    MbsError,
    NotAllowed,
    NotFound,
    NotSignedIn,
    TooManyAttempts,
    TooManyRequests,
)
from mbs_app.services.sign_in import FailedSignIn
from mbs_app.services.steps import StepOver
from mbs_app.settings import get_settings

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"

STATUS_OF: dict[type[MbsError], HTTPStatus] = {
    NotSignedIn: HTTPStatus.UNAUTHORIZED,
    FailedSignIn: HTTPStatus.UNAUTHORIZED,
    StepOver: HTTPStatus.UNAUTHORIZED,
    NotAllowed: HTTPStatus.FORBIDDEN,
    NotFound: HTTPStatus.NOT_FOUND,
    Conflict: HTTPStatus.CONFLICT,
    InvalidInput: HTTPStatus.UNPROCESSABLE_ENTITY,
    TooManyAttempts: HTTPStatus.TOO_MANY_REQUESTS,
    Busy: HTTPStatus.SERVICE_UNAVAILABLE,
}

# Somebody wanted what they may not, or too much of it: worth a line in the log.
REFUSALS = (NotSignedIn, FailedSignIn, StepOver, NotAllowed, TooManyAttempts)


def problem(
    status: HTTPStatus, detail: str, code: str, headers: dict[str, str] | None = None, **more: Any
) -> JSONResponse:
    """A problem document. ``type`` is a relative reference that is stable for programs."""
    body = {
        "type": f"/api/problems/{code}",
        "title": status.phrase,
        "status": int(status),
        "detail": detail,
        **more,
    }
    return JSONResponse(body, status, headers, media_type=MEDIA_TYPE)


def add_problem_handlers(api: FastAPI) -> None:
    api.add_exception_handler(MbsError, _own_error)
    api.add_exception_handler(RequestValidationError, _malformed_request)
    api.add_exception_handler(HTTPException, _http_error)
    api.add_exception_handler(Exception, _unexpected)


def status_of(error: MbsError) -> HTTPStatus:
    for kind in type(error).__mro__:
        if kind in STATUS_OF:
            return STATUS_OF[kind]
    return HTTPStatus.INTERNAL_SERVER_ERROR


async def _own_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, MbsError)
    if isinstance(error, REFUSALS):
        _log_refusal(request, error)
    more: dict[str, Any] = {}
    headers = {}
    if isinstance(error, InvalidInput) and error.fields:
        more["errors"] = [
            {"field": field, "detail": detail} for field, detail in error.fields.items()
        ]
    if isinstance(error, TooManyRequests):
        more["violated-policies"] = [error.policy]
    if isinstance(error, TooManyAttempts | Busy):
        headers["Retry-After"] = str(error.retry_after)
    status = status_of(error)
    if status is HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = (
            "Bearer"  # RFC 9110, section 15.5.2; a browser asks nobody for it
        )
    return problem(status, error.message, error.code, headers, **more)


def _log_refusal(request: Request, error: MbsError) -> None:
    log.info(
        "refused %s %s to %s from %s: %s",
        request.method,
        request.url.path,
        caller_words(request),
        client_address(request, get_settings()),
        error.code,
    )


async def _malformed_request(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    errors = [_malformed(entry) for entry in error.errors()]
    return problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "Some values can’t be taken. Each is listed with what is wrong.",
        "invalid-input",
        errors=errors,
    )


def _malformed(entry: Mapping[str, Any]) -> dict[str, str]:
    where, *path = entry["loc"]
    if entry["type"] == "json_invalid":  # its path is the character where reading stopped
        return {"field": "", "in": "body", "detail": f"Not JSON: {entry['ctx']['error']}"}
    return {"field": ".".join(map(str, path)), "in": str(where), "detail": entry["msg"]}


async def _http_error(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    status = HTTPStatus(error.status_code)
    code = status.phrase.lower().replace(" ", "-")
    return problem(status, str(error.detail), code, dict(error.headers or {}))


async def _unexpected(request: Request, error: Exception) -> JSONResponse:
    log.error("%s %s failed", request.method, request.url.path, exc_info=error)
    return problem(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "Something went wrong on our side. It is logged; try again.",
        "unexpected",
    )
