"""The Book page: what is free, and the best of it one press away."""

from __future__ import annotations

import secrets
from dataclasses import replace

from flask import Blueprint, Response, make_response, render_template, request

from campus import clock
from campus.finder import pages
from campus.finder.forms import read
from campus.finder.pages import Asked
from campus.finder.sought import guest_of
from campus.members.login import current_actor, is_poll

finder = Blueprint("finder", __name__, url_prefix="/<language:lang>")


@finder.get("/book")
def book() -> Response:
    """Show what is free; a script that asks gets the part of the page that changes."""
    search, reader = read(request.args), current_actor()
    guest, why_not = guest_of(search, actor=reader)
    if guest is None:
        said = (*search.mistakes, why_not) if why_not else search.mistakes
        search = replace(search, guest="", mistakes=said)
    shown = pages.page_of(
        Asked(
            search=search,
            actor=reader,
            now=clock.now(),
            is_live=is_poll(),
            is_answered="X-Answered" in request.headers,
            whose=guest or reader,
        )
    )
    is_part = request.headers.get("HX-Request") == "true"
    answer = make_response(
        render_template(
            "finder/part.html" if is_part else "finder/book.html",
            shown=replace(shown, guest=guest),
            keys=[secrets.token_urlsafe(16) for _ in range(2)],
        )
    )
    answer.vary.add("HX-Request")
    return answer
