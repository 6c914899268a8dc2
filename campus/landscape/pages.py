"""The picture of the moment for the front page: worked out and written once a minute."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask import current_app, get_template_attribute

from campus import clock
from campus.clock import Period
from campus.landscape import plan, queries, rules, scene
from campus.landscape.queries import STUDIOS
from campus.landscape.rules import Road
from campus.landscape.scene import Field
from campus.landscape.schemas import Figure, Picture
from campus.spaces.models import SpaceKind
from campus.web.templating import reader_language

SHORTEST = timedelta(hours=1)  # nobody books a desk for less
KEPT = "campus.landscape"  # key in app.extensions: the last view in each language
FEW, MUCH = 0.15, 0.85  # shares of the hours of all strips


@dataclass(frozen=True, slots=True)
class View:
    """A picture in one language, as it was at a minute.

    Attributes:
        drawing, below: written out, and escaped by the template they come from; nothing below
            where there is nothing to book.
    """

    minute: datetime
    picture: Picture
    drawing: str
    below: str


def view(now: datetime, *, timeline: str) -> View:
    """Return the picture of this minute in the reader's language; the same for every reader.

    Args:
        timeline: endpoint of the page that shows the day in words.
    """
    kept: dict[str, View] = current_app.extensions.setdefault(KEPT, {})
    minute, language = now.replace(second=0, microsecond=0), reader_language()
    found = kept.get(language)
    if found is None or found.minute != minute:
        found = kept[language] = _written(picture(now), minute, timeline=timeline)
    return found


def picture(now: datetime) -> Picture:
    """Return the picture of a moment. Five queries, one more while closed or where it is full."""
    coming = queries.open_hours(now)
    if not coming:
        return _without_hours(now)
    road = Road(now, coming[0])
    day = clock.today(road.hours.starts_at)
    claims = queries.claims(road.hours)
    lots = queries.land(day)
    field = scene.field_of(road, lots, claims)
    left, right = scene.left_of(field), scene.right_of(field)
    shares = [strip.taken for strip in (*left, *right) if strip.taken is not None]
    share = sum(shares) / len(shares) if shares else 0.0
    free = field.free(field.desks)
    is_booked = any(not claim.is_closure for found in claims.values() for claim in found)
    books = _day_to_book(coming, field, is_full=share > MUCH and not free)
    return Picture(
        now=now,
        today=clock.today(now),
        sky=rules.sky(now, is_open=road.is_open),
        day=day,
        hours=road.hours,
        land=plan.land(road, left=left, right=right),
        desks=_figure(SpaceKind.DESK, rules.band(free), len(field.desks)),
        rooms=_figure(
            SpaceKind.MEETING_ROOM,
            field.free(field.rooms, later=rules.morning(road.hours)),
            len(field.rooms),
        ),
        is_morning=rules.morning(road.hours) != road.hours,
        books=books,
        few=rules.band(free) if share <= FEW and books == day else 0,
        is_set_up=bool(lots),
        is_bare=not is_booked,
        is_over=road.is_open and is_booked and not any(shares),
        organisations=queries.organisations(),
        studios=len(field.studios),
        lamps=0 if road.is_open else rules.lamps(queries.people_inside(now)),
    )


def _without_hours(now: datetime) -> Picture:
    """Return closed land to the horizon, where no open day is known."""
    today = clock.today(now)
    lots = queries.land(today)
    return Picture(
        now=now,
        today=today,
        sky=rules.sky(now, is_open=False),
        day=None,
        hours=None,
        land=plan.BARE,
        desks=None,
        rooms=None,
        is_morning=False,
        books=None,
        few=0,
        is_set_up=bool(lots),
        is_bare=False,
        is_over=False,
        organisations=queries.organisations(),
        studios=sum(lot.kind in STUDIOS for lot in lots),
        lamps=rules.lamps(queries.people_inside(now)),
    )


def _figure(kind: SpaceKind, count: int, total: int) -> Figure | None:
    return Figure(kind, count, total) if total else None


def _day_to_book(coming: Sequence[Period], field: Field, *, is_full: bool) -> date | None:
    """Return the day that is drawn; where it is full or over, the first one with a free desk."""
    is_short = field.road.open_part.length < SHORTEST
    if not field.desks or not (is_full or is_short):
        return clock.today(coming[0].starts_at)
    desks = [plot.lot for plot in field.desks]
    free = (hours for hours in coming[1:] if queries.is_any_free(desks, hours=hours))
    hours = next(free, None)
    return clock.today(hours.starts_at) if hours else None


def _written(shown: Picture, minute: datetime, *, timeline: str) -> View:
    drawing = get_template_attribute("landscape/land.html", "drawing")
    below = get_template_attribute("landscape/below.html", "below")
    numbers = "" if shown.is_empty else below(shown, timeline=timeline)
    return View(minute, shown, drawing(shown), numbers)
