"""For staff: when the campus is open, and how each kind of space is booked."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from campus import clock
from campus.errors import require
from campus.members.login import actor, require_staff
from campus.premises import forms, queries, service, week
from campus.premises.answers import Versions, answer, named, seen, who_keeps
from campus.premises.models import RuleFields
from campus.spaces import queries as spaces
from campus.spaces.policy import why_not_keep

staff_hours = Blueprint("staff_hours", __name__, url_prefix="/<language:lang>/staff")
staff_hours.before_request(require_staff)
staff_hours.context_processor(who_keeps)


@staff_hours.route("/hours", methods=["GET", "POST"])
def hours() -> ResponseReturnValue:
    """Show when the campus is open and how each kind is booked; say how it keeps holidays."""
    today = clock.today(clock.now())
    form = week.holidays_form(spaces.site())

    def page(versions: Versions) -> str:
        return render_template(
            "premises/hours.html",
            form=form,
            versions=versions,
            weekdays=week.weekdays(),
            weeks=week.week_rows(),
            exceptions=queries.exceptions(since=today),
            holidays=week.holidays_ahead(today),
            rules=week.rules_in_words(),
        )

    def work() -> str:
        service.set_holidays(
            actor=actor(),
            campus=named(),
            closes=bool(form.closes.data),
            good_friday=bool(form.good_friday.data),
            seen=seen(form),
        )
        return saved(".hours")

    def current() -> forms.KeepForm:
        return week.holidays_form(spaces.site(), as_it_is=True)

    if request.method == "GET":
        return page([])
    return answer(form, work=work, page=page, current=current)


@staff_hours.route("/hours/week/<kind>", endpoint="week", methods=["GET", "POST"])
def week_of(kind: str) -> ResponseReturnValue:
    """Set the hours from Monday to Sunday, of a kind or of all; or let a kind follow all."""
    of = week.kind_of(kind)
    form, has_own = week.week_form(of), of is not None and bool(queries.week_of(of))

    def page(versions: Versions) -> str:
        return render_template(
            "premises/week.html", form=form, kind=of, has_own=has_own, versions=versions
        )

    def work() -> str:
        follows = of is not None and "follow" in request.form
        wanted = None if follows else form.week()
        service.set_week(actor=actor(), kind=of, week=wanted, seen=seen(form))
        return saved(".hours")

    def current() -> forms.KeepForm:
        return week.week_form(of, as_it_is=True)

    if request.method == "GET":
        return page([])
    return answer(form, work=work, page=page, current=current)


@staff_hours.route("/hours/days/new", endpoint="new_day", methods=["GET", "POST"])
@staff_hours.route("/hours/days/<on>/<kind>", endpoint="day", methods=["GET", "POST"])
def day_of(on: str = "", kind: str = forms.ALL) -> ResponseReturnValue:
    """Say that other hours hold on a day, or none; or take that back."""
    if not on:
        require(why_not_keep(actor()))
    form = week.exception_form(week.exception_at(on, kind) if on else None)

    def page(versions: Versions) -> str:
        return render_template("premises/day.html", form=form, is_new=not on, versions=versions)

    def work() -> str:
        if on and "remove" in request.form:
            day, of = date.fromisoformat(on), week.kind_of(kind)
            service.remove_exception(actor=actor(), day=day, kind=of, seen=seen(form))
        else:
            fields = form.fields()
            service.set_exception(actor=actor(), fields=fields, seen=seen(form), is_new=not on)
        return saved(".hours")

    def current() -> forms.KeepForm:
        return week.exception_form(week.exception_at(on, kind), as_it_is=True)

    if request.method == "GET":
        return page([])
    return answer(form, work=work, page=page, current=current)


@staff_hours.route("/rules/<kind>", methods=["GET", "POST"])
def rule(kind: str) -> ResponseReturnValue:
    """Set what a kind may be booked for."""
    of = week.kind_named(kind)
    known, holds = week.rule_to_keep(of)
    form = week.rule_form(known)

    def page(versions: Versions) -> str:
        return render_template(
            "premises/rule.html", form=form, rule=known, holds=holds, versions=versions
        )

    def work() -> str:
        there, _ = week.rule_to_keep(of)
        fields = form.filled(RuleFields)
        service.set_rule(actor=actor(), rule=there, fields=fields, seen=seen(form))
        return saved(".hours")

    def current() -> forms.KeepForm:
        return week.rule_form(week.rule_to_keep(of)[0], as_it_is=True)

    if request.method == "GET":
        return page([])
    return answer(form, work=work, page=page, current=current)


def saved(endpoint: str) -> str:
    """Say that it is saved, and return where to go on."""
    flash(gettext("Saved."), "good")
    return url_for(endpoint)
