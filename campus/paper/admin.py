"""For staff: the day of a floor on paper, who sits where from when to when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from campus import clock
from campus.errors import Text, text
from campus.members.login import require_staff
from campus.paper import pages, queries
from campus.paper.queries import Storey
from campus.spaces import queries as spaces
from campus.spaces.models import SpaceKind
from campus.web.addresses import code_in, day_in

ONE_DAY = timedelta(days=1)
FARTHEST = timedelta(days=3660)  # ten years back or ahead: as far as anything is kept or booked

staff_paper = Blueprint("staff_paper", __name__, url_prefix="/<language:lang>/staff")
staff_paper.before_request(require_staff)


@staff_paper.get("/day-sheet")
def day_sheet() -> ResponseReturnValue:
    """Show the day of one floor, or of all, to be printed."""
    now = clock.now()
    mistakes: list[Text] = []
    day = _day_asked(clock.today(now), mistakes)
    storeys = queries.storeys()
    floor = _floor_asked(storeys, mistakes)
    asked = queries.storeys_asked(floor, known=storeys)
    openings = spaces.openings(SpaceKind, first=day, last=day)
    opened = {kind: one.periods[day] for kind, one in openings.items() if day in one.periods}
    sheets = pages.sheets(
        asked,
        queries.places(day, kinds=opened),
        queries.uses(clock.day_period(day)),
        hours=pages.drawn_hours(opened.values(), day=day),
    )
    return render_template(
        "paper/day_sheet.html",
        now=now,
        day=day,
        before=day - ONE_DAY,
        after=day + ONE_DAY,
        storeys=storeys,
        floor=floor if floor is not None else asked[0].code if asked else "",
        hours=openings[SpaceKind.DESK].periods.get(day),
        reason=openings[SpaceKind.DESK].reasons.get(day),
        sheets=sheets,
        mistakes=mistakes,
    )


def _floor_asked(storeys: Sequence[Storey], mistakes: list[Text]) -> str | None:
    """Return the code of the floor asked for; None where none is, or none that there is."""
    code = request.args.get("floor")
    if not code or code in {one.code for one in storeys}:
        return code
    mistakes.append(
        text("There is no floor called %(code)s.", code=code_in(request.args, "floor"))
    )
    return None


def _day_asked(today: date, mistakes: list[Text]) -> date:
    """Return the day asked for; today where none is, or none that could be."""
    asked = day_in(request.args, mistakes)
    if asked is None or abs(asked - today) <= FARTHEST:
        return asked or today
    mistakes.append(text("Choose a day of the last or the next ten years; this is today."))
    return today
