"""The language of a page is the first part of its address: /nl/…, /en/…."""

from __future__ import annotations

from typing import Any

from flask import Flask, g, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.routing import BaseConverter

from campus.settings import Settings

COOKIE = "lang"


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

    @app.get("/")
    def root() -> ResponseReturnValue:
        answer = redirect(f"/{preferred(settings)}/")
        answer.headers["Vary"] = "Accept-Language, Cookie"
        return answer


def preferred(settings: Settings) -> str:
    """Return the language of the address, else the one chosen before, else what the browser asks.

    An address that leads nowhere names a language too: its 404 is written in it.
    """
    for chosen in (request.path.split("/")[1], request.cookies.get(COOKIE)):
        if chosen in settings.languages:
            return chosen
    return request.accept_languages.best_match(settings.languages) or settings.languages[0]
