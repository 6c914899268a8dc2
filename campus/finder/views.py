"""The Book page: what is free, and the best of it one press away."""

from __future__ import annotations

import secrets

from flask import Blueprint, Response, make_response, render_template, request

from campus import clock
from campus.finder import pages
from campus.finder.forms import read
from campus.finder.pages import Asked
from campus.members.login import current_actor, is_poll

finder = Blueprint("finder", __name__, url_prefix="/<language:lang>")


@finder.get("/book")
def book() -> Response:
    """Show what is free; a script that asks gets the part of the page that changes."""
    shown = pages.page_of(
        Asked(
            search=read(request.args),
            actor=current_actor(),
            now=clock.now(),
            is_live=is_poll(),
            is_answered="X-Answered" in request.headers,
        )
    )
    is_part = request.headers.get("HX-Request") == "true"
    answer = make_response(
        render_template(
            "finder/part.html" if is_part else "finder/book.html",
            shown=shown,
            keys=[secrets.token_urlsafe(16) for _ in range(2)],
        )
    )
    answer.vary.add("HX-Request")
    return answer
