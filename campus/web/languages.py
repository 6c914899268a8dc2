"""The language of a page is the first part of its address: /nl/…, /en/…."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from flask import Flask, Response, g, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound
from werkzeug.routing import BaseConverter
from werkzeug.wrappers import Response as BaseResponse

from campus.settings import Settings

COOKIE = "lang"
YEAR = timedelta(days=365)


class LanguageConverter(BaseConverter):
    """One of the campus's languages."""

    regex = "nl|en"


def init(app: Flask, settings: Settings) -> None:
    """Read the language from the address, and put it into every address made."""
    LanguageConverter.regex = "|".join(settings.languages)
    app.url_map.converters["language"] = LanguageConverter

    @app.url_value_preprocessor
    def take(_endpoint: str | None, values: dict[str, Any] | None) -> None:
        g.lang = (values.pop("lang", None) if values else None) or preferred(settings)

    @app.url_defaults
    def put(endpoint: str, values: dict[str, Any]) -> None:
        if "lang" not in values and app.url_map.is_endpoint_expecting(endpoint, "lang"):
            values["lang"] = g.get("lang") or preferred(settings)

    @app.after_request
    def remember(answer: Response) -> Response:
        is_page = answer.status_code == HTTPStatus.OK and answer.mimetype == "text/html"
        if is_page and request.path.startswith(f"/{g.lang}/") and usual(settings) != g.lang:
            secure = bool(app.config["SESSION_COOKIE_SECURE"])
            answer.set_cookie(
                COOKIE, g.lang, max_age=YEAR, secure=secure, httponly=True, samesite="Lax"
            )
        return answer

    @app.get("/")
    def root() -> ResponseReturnValue:
        return led_to(f"/{preferred(settings)}/")

    @app.before_request
    def complete() -> ResponseReturnValue | None:
        whole = completed(app, settings)
        return led_to(whole) if whole else None


def completed(app: Flask, settings: Settings) -> str | None:
    """Return the address of a page that was asked for without its language; None of all else.

    On paper and in talk people leave it out.
    """
    is_nowhere = isinstance(request.routing_exception, NotFound)
    whole = f"/{usual(settings)}{request.path}"
    is_asked = request.method in {"GET", "HEAD"}
    if not (is_nowhere and is_asked and app.url_map.bind("").test(whole)):
        return None
    query = request.query_string.decode("ascii", "replace")
    return f"{quote(whole)}?{query}" if query else quote(whole)


def led_to(address: str) -> BaseResponse:
    """Return the way to a page in the language of whoever asks, which is not the same for all."""
    answer = redirect(address)
    answer.headers["Vary"] = "Accept-Language, Cookie"
    return answer


def preferred(settings: Settings) -> str:
    """Return the language of the address, else the usual one.

    An address that leads nowhere names a language too: its 404 is written in it.
    """
    named = request.path.split("/")[1]
    return named if named in settings.languages else usual(settings)


def usual(settings: Settings) -> str:
    """Return the language chosen before, else what the browser asks for, else the first."""
    chosen = request.cookies.get(COOKIE)
    if chosen in settings.languages:
        return chosen
    return request.accept_languages.best_match(settings.languages) or settings.languages[0]
