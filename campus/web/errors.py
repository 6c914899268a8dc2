"""The one translator of errors: a page for people, problem+json below /api/."""

from __future__ import annotations

import logging
import secrets
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import HTTPException

from campus.db import db, dialects
from campus.errors import Busy, CampusError, Text, text
from campus.web.templating import translate

log = logging.getLogger("campus.errors")

WORDS: dict[int, Text] = {
    400: text("This request could not be read. Go back, load the page again and try once more."),
    401: text("Sign in first; then you can go on here."),
    403: text("You may not do this."),
    404: text("There is nothing at this address."),
    405: text("That cannot be done at this address."),
    413: text("That is more than fits. Send less at once."),
    414: text("This address is too long."),
    415: text("This form cannot be read. Load the page again and try once more."),
    429: text("That was too often. Wait a moment, then try again."),
    500: text("Nothing was booked or changed. Try again; if it stays, tell the front desk."),
    503: text("The campus cannot answer right now. Nothing was booked or changed."),
}


def init(app: Flask) -> None:
    """Answer every error with a page or a problem, and never with a trace."""
    app.register_error_handler(CampusError, refused)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(DBAPIError, database_error)
    app.register_error_handler(Exception, failed)


def refused(error: CampusError) -> ResponseReturnValue:
    """Answer a refusal in the reader's language."""
    db.session.rollback()
    answer = answer_for(error.status, error.message, code=error.code)
    if isinstance(error, Busy):
        answer.headers["Retry-After"] = "5"
    return answer


def http_error(error: HTTPException) -> ResponseReturnValue:
    """Answer what Flask or Werkzeug refused; redirects pass."""
    status = error.code or 500
    if status < HTTPStatus.BAD_REQUEST or error.response is not None:
        return error.get_response()
    answer = answer_for(status, WORDS.get(status, WORDS[400]), code=f"http_{status}")
    for name, value in error.get_headers():
        if name in {"Allow", "Retry-After"}:
            answer.headers[name] = value
    return answer


def database_error(error: DBAPIError) -> ResponseReturnValue:
    """Answer a database that cannot be read: 503 where that explains it, else 500."""
    db.session.rollback()
    translated = dialects.translate(error)
    return refused(translated) if isinstance(translated, CampusError) else failed(error)


def failed(error: Exception) -> ResponseReturnValue:
    """Log what nobody foresaw under a reference, and give the reader that reference alone."""
    db.session.rollback()
    reference = secrets.token_hex(4)
    log.error("unexpected %s %s", reference, type(error).__name__, exc_info=error)
    return answer_for(500, WORDS[500], code="error", reference=reference)


def answer_for(status: int, message: Text, *, code: str, reference: str = "") -> Response:
    """Return the page or the problem document for `status`."""
    if request.path.startswith("/api/"):
        return problem(status, message, code=code, reference=reference)
    page = render_template(
        "errors/error.html", status=int(status), message=message, reference=reference
    )
    return Response(page, status=int(status), mimetype="text/html")


def problem(status: int, message: Text, *, code: str, reference: str = "") -> Response:
    """Return an RFC 9457 problem document."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": int(status),
        "detail": translate(message),
        "code": code,
    }
    if reference:
        body["reference"] = reference
    answer = jsonify(body)
    answer.status_code = int(status)
    answer.mimetype = "application/problem+json"
    return answer
