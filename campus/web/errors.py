"""The one translator of errors: a page for people, problem+json below /api/."""

from __future__ import annotations

import logging
import re
import secrets
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, current_app, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import HTTPException

from campus.db import db, dialects
from campus.errors import Busy, CampusError, Text, text
from campus.settings import Settings
from campus.web.carry import NEVER
from campus.web.templating import translate

log = logging.getLogger("campus.errors")

Fields = Sequence[tuple[str, str]]

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
NOT_SPOKEN = text("The campus has no pages in that language.")
LANGUAGE = re.compile(r"[a-z]{2}(-[a-z]{2})?", re.IGNORECASE)
TOKEN = "csrf_token"  # noqa: S105 - the page that sends a form once more has one of its own


def init(app: Flask) -> None:
    """Answer every error with a page or a problem, and never with a trace."""
    app.register_error_handler(CampusError, refused)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(DBAPIError, database_error)
    app.register_error_handler(Exception, failed)


def refused(error: CampusError) -> ResponseReturnValue:
    """Answer a refusal in the reader's language."""
    db.session.rollback()
    again = fields_sent() if isinstance(error, Busy) else ()
    answer = answer_for(error.status, error.message, code=error.code, again=again)
    if isinstance(error, Busy):
        answer.headers["Retry-After"] = "5"
    return answer


def fields_sent() -> Fields:
    """Return the form being sent, for a page that can send it once more; none that has secrets."""
    fields = [pair for pair in request.form.items(multi=True) if pair[0] != TOKEN]
    names = {name for name, _value in fields if name not in {"next", "carry"}}
    return () if any(NEVER.search(name) for name in names) else fields


def http_error(error: HTTPException) -> ResponseReturnValue:
    """Answer what Flask or Werkzeug refused; redirects pass."""
    status = error.code or 500
    if status < HTTPStatus.BAD_REQUEST or error.response is not None:
        return error.get_response()
    words = WORDS.get(status, WORDS[400])
    if status == HTTPStatus.NOT_FOUND and asks_other_language():
        words = NOT_SPOKEN
    answer = answer_for(status, words, code=f"http_{status}")
    for name, value in error.get_headers():
        if name in {"Allow", "Retry-After"}:
            answer.headers[name] = value
    return answer


def asks_other_language() -> bool:
    """Whether the address begins with a language that the campus does not speak."""
    first = request.path.split("/")[1]
    return LANGUAGE.fullmatch(first) is not None and first.lower() not in spoken()


def spoken() -> Sequence[str]:
    """Return the languages that the campus speaks."""
    settings: Settings = current_app.extensions["campus.settings"]
    return settings.languages


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


def answer_for(
    status: int, message: Text, *, code: str, reference: str = "", again: Fields = ()
) -> Response:
    """Return the page or the problem document for `status`.

    Args:
        again: a form that the page can send once more as it was.
    """
    if request.path.startswith("/api/"):
        return problem(status, message, code=code, reference=reference)
    page = render_template(
        "errors/error.html",
        status=int(status),
        message=message,
        reference=reference,
        again=again,
        languages=spoken() if message is NOT_SPOKEN else (),
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
