"""Manifest, service worker, and the page that is shown where no network is."""

from __future__ import annotations

import hashlib
import hmac
import json
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from campus import clock
from campus.bookings import queries as bookings
from campus.members.login import current_actor
from campus.members.models import Actor
from campus.settings import Settings
from campus.web.templating import RELEASE, reader_language, static_url

PAPER = "#f4f6f1"  # of the page in light, behind an app that starts
SHELL = (
    "css/campus.css",
    "fonts/campus-display.woff2",
    "fonts/campus-text.woff2",
    "favicon.svg",
    "icons.svg",
    "js/offline.js",
)
ICONS = (
    ("icons/192.png", "192x192", "image/png", "any"),
    ("icons/512.png", "512x512", "image/png", "any"),
    ("icons/maskable.png", "512x512", "image/png", "maskable"),
    ("favicon.svg", "any", "image/svg+xml", "any"),
)

pocket = Blueprint("pocket", __name__)


@pocket.get("/manifest.webmanifest")
def manifest() -> ResponseReturnValue:
    """Say how the campus is installed on a phone, in the language that the phone asks for."""
    settings: Settings = current_app.extensions["campus.settings"]
    said = {
        "id": "/",
        "name": settings.name,
        "short_name": settings.name,
        "lang": reader_language(),
        "start_url": url_for("home.me"),
        "scope": "/",
        "display": "standalone",
        "background_color": PAPER,
        "theme_color": PAPER,
        "icons": [
            {"src": static_url(path), "sizes": sizes, "type": kind, "purpose": purpose}
            for path, sizes, kind, purpose in ICONS
        ],
        "shortcuts": [
            {"name": gettext("Book"), "url": url_for("finder.book")},
            {"name": gettext("My campus"), "url": url_for("home.me")},
        ],
    }
    answer = Response(json.dumps(said), mimetype="application/manifest+json")
    answer.headers["Cache-Control"] = "private, max-age=3600"
    answer.headers["Vary"] = "Accept-Language, Cookie"
    return answer


@pocket.get("/sw.js")
def worker() -> ResponseReturnValue:
    """Serve the service worker, with this release and its files; a new release is a new worker."""
    settings: Settings = current_app.extensions["campus.settings"]
    release: str = current_app.extensions[RELEASE]
    said = {
        "release": release,
        "languages": settings.languages,
        "shell": [static_url(path) for path in SHELL],
    }
    script = f"const campus = {json.dumps(said)};\n{_source(str(current_app.template_folder))}"
    answer = Response(script, content_type="text/javascript; charset=utf-8")
    answer.headers["Cache-Control"] = "no-cache"
    answer.add_etag()
    return answer.make_conditional(request)


@lru_cache(maxsize=4)
def _source(templates: str) -> str:
    return (Path(templates).with_name("static") / "js" / "worker.js").read_text(encoding="utf-8")


@pocket.get("/<language:lang>/offline")
def offline() -> ResponseReturnValue:
    """Show what the reader has booked, to be kept; a visitor reads what would stand there."""
    now, keeper = clock.now(), _keeper()
    return render_template(
        "pocket/offline.html",
        now=now,
        keeps=keeper is not None,
        coming=bookings.coming(person_id=keeper.person_id, now=now) if keeper else [],
    )


@pocket.get("/offline")
def offline_here() -> ResponseReturnValue:
    """Lead to that page in the reader's language."""
    answer = redirect(url_for("pocket.offline"))
    answer.headers["Vary"] = "Accept-Language, Cookie"
    return answer


@pocket.after_app_request
def say_whose(answer: Response) -> Response:
    """Say for whom a page is, in a word of which nothing but "the same one" can be read.

    By it the worker forgets what it keeps for somebody else.
    """
    keeper = _keeper() if answer.mimetype == "text/html" else None
    if keeper is not None:
        key = str(current_app.config["SECRET_KEY"]).encode()
        named = hmac.new(key, f"pocket:{keeper.person_id}".encode(), hashlib.sha256)
        answer.headers["X-Pocket"] = named.hexdigest()[:16]
    return answer


def _keeper() -> Actor | None:
    """Return for whom a phone keeps something: a member who is signed in.

    Nothing for staff: their browser forgets who signed in when it is closed, and often stands on
    a desk that several people share.
    """
    who = current_actor()
    return None if who is None or who.is_staff else who
