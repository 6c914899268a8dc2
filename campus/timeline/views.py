"""The day of all rooms, and the week of one."""

from __future__ import annotations

import secrets

from flask import Blueprint, Response, make_response, render_template, request

from campus import clock
from campus.bookings.policy import WITHOUT_TITLE
from campus.members.login import current_actor
from campus.timeline import pages
from campus.timeline import week as weeks
from campus.timeline.forms import read, read_week

timeline = Blueprint("timeline", __name__, url_prefix="/<language:lang>/rooms")


@timeline.get("")
def day() -> Response:
    """Show the day of all rooms; a script that asks gets the part of the page that changes."""
    shown = pages.day_page(read(request.args), actor=current_actor(), now=clock.now())
    is_part = request.headers.get("HX-Request") == "true"
    answer = make_response(
        render_template(
            "timeline/part.html" if is_part else "timeline/day.html",
            shown=shown,
            zone=clock.campus_zone().key,
            untitled=WITHOUT_TITLE,
            keys=[secrets.token_urlsafe(16) for _ in shown.free or ()],
        )
    )
    answer.vary.add("HX-Request")
    return answer


@timeline.get("/<code>")
def week(code: str) -> str:
    """Show the week of one room, with a form to book it."""
    now = clock.now()
    on, mistakes = read_week(request.args, today=clock.today(now))
    shown = weeks.week_page(code, on=on, actor=current_actor(), now=now, mistakes=mistakes)
    return render_template("timeline/week.html", shown=shown, key=secrets.token_urlsafe(16))
