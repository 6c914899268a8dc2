"""The front page, My campus, help, the page of a space, the choice of light or dark, health."""

from __future__ import annotations

import secrets
from datetime import date, datetime, timedelta
from http import HTTPStatus

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from campus import clock
from campus.bookings import queries as bookings
from campus.bookings.models import Booking
from campus.bookings.policy import why_not_book, why_not_change
from campus.clock import Period
from campus.errors import Text
from campus.home import forms, queries, schemas, service
from campus.home.queries import Use
from campus.home.schemas import KindHelp, MyDay
from campus.landscape import pages as landscape
from campus.members.login import actor, current_actor, login_required
from campus.members.models import Actor
from campus.occupancy.queries import taken_ids
from campus.spaces import policy as words
from campus.spaces import queries as spaces
from campus.spaces.models import FeatureGroup, Space, SpaceFeature, SpaceKind, SpaceState, Unit
from campus.web.addresses import day_in
from campus.web.mails import short_address_of
from campus.web.qr import qr
from campus.web.security import safe_target
from campus.web.templating import THEMES

home = Blueprint("home", __name__, url_prefix="/<language:lang>")
space_pages = Blueprint("spaces", __name__, url_prefix="/<language:lang>/spaces")
health = Blueprint("health", __name__)

YEAR = timedelta(days=365)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
WEEK = timedelta(days=7)
TIMELINE = "timeline.day"  # where the day of the front page's picture is read in words
FARTHEST = timedelta(days=366)  # a week that nobody can book yet is not shown

home.add_app_template_filter(words.titled, "titled")


# --- for everybody ----------------------------------------------------------------------------


@home.get("/")
def front() -> ResponseReturnValue:
    """Show the day's bookings as land, and how free it is; while closed, those of the next."""
    view = landscape.view(clock.now(), timeline=TIMELINE)
    return render_template("home/front.html", view=view)


@home.get("/help")
def help() -> ResponseReturnValue:
    """Say how one books, by which rules, with which keys, and where to ask."""
    usual = queries.weekly_hours()
    kinds = [
        KindHelp(
            name=words.MANY[kind],
            sentences=words.rule_in_words(rule),
            hours=schemas.usual_hours(usual.get(kind) or usual.get(None, []))
            if rule.unit is not Unit.MONTH
            else [],
        )
        for kind, rule in sorted(spaces.booking_rules().items(), key=lambda pair: _order(pair[0]))
    ]
    return render_template("home/help.html", kinds=kinds)


@home.post("/theme")
def theme() -> ResponseReturnValue:
    """Remember light, dark or as the system, in a cookie; then back to the page."""
    answer = redirect(
        safe_target(request.form.get("next")) or url_for(".front"), HTTPStatus.SEE_OTHER
    )
    chosen = request.form.get("theme", "")
    if chosen in THEMES:
        answer.set_cookie(
            "theme",
            chosen,
            max_age=YEAR,
            secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
            httponly=True,
            samesite="Lax",
        )
    else:
        answer.delete_cookie("theme")
    return answer


def rooms_now() -> list[schemas.RoomNow]:
    """Return what stands beside the sign-in form while the campus is open."""
    now = clock.now()
    day = queries.campus_day(now)
    return schemas.rooms_now(day, now=now) if day else []


# --- my campus --------------------------------------------------------------------------------


@home.get("/me")
@login_required
def me() -> ResponseReturnValue:
    """Show the next booking large, what follows, and who of the organisation is there today."""
    now, who = clock.now(), actor()
    coming = bookings.coming(person_id=who.person_id, now=now)
    shows_all = "all" in request.args
    ours = _ours_today(who, now=now)
    return render_template(
        "home/me.html",
        now=now,
        coming=coming,
        may_change=bool(coming) and why_not_change(who, coming[0]) is None,
        day=_day_of(coming[0].starts_at, coming=coming, now=now) if coming else None,
        free=_free_desks(now) if not coming else None,
        shows_all=shows_all,
        past=bookings.past(person_id=who.person_id, now=now) if shows_all else [],
        colleagues=schemas.colleagues(ours, person_id=who.person_id, now=now),
        rooms=[one for one in ours if one.space.kind is not SpaceKind.DESK and one.ends_at > now],
    )


def _ours_today(who: Actor, *, now: datetime) -> list[Booking]:
    if who.organisation_id is None:
        return []
    today = clock.day_period(clock.today(now))
    return bookings.of_organisation(organisation_id=who.organisation_id, period=today)


def _day_of(at: datetime, *, coming: list[Booking], now: datetime) -> MyDay:
    day = max(clock.today(at), clock.today(now))
    opening = spaces.opening(coming[0].space.kind, first=day, last=day)
    return schemas.my_day(coming, hours=opening.periods, now=now)


def _free_desks(now: datetime) -> schemas.FreeDesks | None:
    day = queries.campus_day(now)
    return schemas.free_desks(day, now=now) if day else None


# --- a space ----------------------------------------------------------------------------------


@space_pages.get("/<code>")
def show(code: str) -> ResponseReturnValue:
    """Show a space: where it is, its week, what it has, and a form to book it."""
    now = clock.now()
    space = spaces.space_by_code(code)
    mistakes: list[Text] = []
    first = _first_day(now, mistakes)
    values: dict[str, object] = dict.fromkeys(("week", "draft", "refusal", "today"))
    values["rules"] = []
    if space.state is SpaceState.ACTIVE and not space.by_application:
        values = _bookable(space, first=first, now=now)
    groups: dict[FeatureGroup, list[SpaceFeature]] = {group: [] for group in FeatureGroup}
    for one in spaces.features_of([space.id]).get(space.id, []):
        groups[one.feature.group].append(one)
    return render_template(
        "spaces/show.html",
        space=space,
        kind=words.KINDS[space.kind],
        equipment=groups[FeatureGroup.EQUIPMENT],
        access=groups[FeatureGroup.ACCESSIBILITY],
        now=now,
        first=first,
        mistakes=mistakes,
        qr=qr(short_address_of(f"spaces/{space.code}")),
        **values,
        **_around(space, now=now),
    )


def _bookable(space: Space, *, first: date, now: datetime) -> dict[str, object]:
    """Return what the page of a space that can be booked shows beyond its description."""
    days, reasons = queries.week_of(space, first=first)
    rule = spaces.booking_rule(space.kind)
    who = current_actor()
    later = first + WEEK
    return {
        "week": schemas.week(days, reasons, first=first, now=now),
        "draft": forms.draft(space, rule, days, now=now),
        "rules": [*words.rule_in_words(rule), *words.space_in_words(space)],
        "refusal": why_not_book(who, space) if who else None,
        "today": _today_in(space, reader=who, now=now),
        "idem": secrets.token_urlsafe(16),
        "later": later if later <= clock.today(now) + rule.horizon_days * DAY else None,
        "earlier": max(first - WEEK, clock.today(now)) if first > clock.today(now) else None,
    }


def _today_in(space: Space, *, reader: Actor | None, now: datetime) -> list[Use] | None:
    """Return who has a room today, as far as this reader may know; None for what is no room."""
    if space.kind not in schemas.ROOMS:
        return None
    return queries.uses_of(space, during=clock.day_period(clock.today(now)), reader=reader)


def _around(space: Space, *, now: datetime) -> dict[str, object]:
    """Return what a piece of the plan around the space shows: its neighbours and who is in."""
    if space.floor is None or not space.floor.width:
        return {"neighbours": [], "states": {}}
    neighbours = spaces.spaces_on_floor(space.floor.id)
    busy = taken_ids([Period(now, now + MINUTE)]) | {one.id for one in neighbours if one.tenant}
    return {"neighbours": neighbours, "states": dict.fromkeys(busy, "busy")}


def _first_day(now: datetime, mistakes: list[Text]) -> date:
    """Return the first of the seven days asked for: today, unless a later one is named."""
    today = clock.today(now)
    asked = day_in(request.args, mistakes)
    return asked if asked and today <= asked <= today + FARTHEST else today


def _order(kind: SpaceKind) -> int:
    return list(SpaceKind).index(kind)


# --- health -----------------------------------------------------------------------------------


@health.get("/healthz")
def healthz() -> ResponseReturnValue:
    """Answer while the process lives; asks nothing of anything else."""
    return "ok\n", {"Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store"}


@health.get("/readyz")
def readyz() -> ResponseReturnValue:
    """Answer 200 when bookings can be made here, else 503; in words, with no more than words."""
    state = service.readiness(clock.now())
    status = HTTPStatus.OK if state.is_ready else HTTPStatus.SERVICE_UNAVAILABLE
    return state.words(), status, {"Cache-Control": "no-store"}
