"""For staff: the campus itself, its buildings, floors, zones, spaces and features."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from campus import clock
from campus.errors import Text, require
from campus.members.login import actor, require_staff
from campus.premises import forms, pages, queries, schemas, service
from campus.premises.answers import Versions, answer, named, seen, who_keeps
from campus.premises.pages import PARTS, Thing
from campus.premises.queries import Sought
from campus.spaces.models import Space, SpaceKind, SpaceState
from campus.spaces.policy import why_not_keep
from campus.web.forms import clean
from campus.web.templating import translate

PER_PAGE = 50
WHAT = "<any(buildings, floors, zones, features):what>"
FARTHEST_PAGE = 10_000

staff_premises = Blueprint("staff_premises", __name__, url_prefix="/<language:lang>/staff")
staff_premises.before_request(require_staff)
staff_premises.context_processor(who_keeps)


@staff_premises.get("/campus")
def campus() -> ResponseReturnValue:
    """Show the whole campus, and what is missing before people can book."""
    floors, buildings = queries.floors(), queries.buildings()
    return render_template(
        "premises/campus.html",
        buildings=buildings,
        floors=floors,
        counts=queries.counts(),
        steps=pages.steps(floors=floors, buildings=buildings),
        import_spaces=pages.way_to("staff_roomlist.upload"),
        plans={floor.id: pages.way_to("staff_floors.plan", code=floor.code) for floor in floors},
    )


# --- buildings, floors, zones, features -------------------------------------------------------


@staff_premises.get("/buildings")
def buildings() -> ResponseReturnValue:
    """List the buildings, their floors and the zones of these."""
    return render_template(
        "premises/buildings.html", buildings=queries.buildings(), floors=queries.floors()
    )


@staff_premises.get("/features")
def features() -> ResponseReturnValue:
    """List what spaces can have."""
    return render_template(
        "premises/features.html", features=queries.features(), uses=queries.uses_of_features()
    )


@staff_premises.route(f"/{WHAT}/new", endpoint="new", methods=["GET", "POST"])
@staff_premises.route(f"/{WHAT}/<code>/edit", endpoint="edit", methods=["GET", "POST"])
def part_of(what: str, code: str = "") -> ResponseReturnValue:
    """Add a building, floor, zone or feature, or change the one with this code."""
    part = PARTS[what]
    if not code:
        require(why_not_keep(actor()))

    def there() -> Thing | None:
        return queries.by_code(part.table, code) if code else None

    def page(versions: Versions) -> str:
        return part_page(what, form, there(), versions)

    def work() -> str:
        thing = there() or pages.blank(part)
        fields = pages.fields_in(form, part, thing)
        kept = service.keep(
            actor=actor(), thing=thing, fields=fields, seen=seen(form), campus=named()
        )
        flash(gettext("%(name)s is saved.", name=pages.name_of(kept)), "good")
        return pages.list_of(kept) if code else pages.after_adding(kept)

    def current() -> forms.KeepForm:
        return pages.form_of(part, there(), as_it_is=True)

    form = pages.form_of(part, there())
    if request.method == "GET":
        return page([])
    return answer(form, work=work, page=page, current=current)


@staff_premises.post(f"/{WHAT}/<code>/remove")
def remove(what: str, code: str) -> ResponseReturnValue:
    """Take away what nothing needs any more."""
    part, form = PARTS[what], forms.KeepForm()

    def page(versions: Versions) -> str:
        thing = queries.by_code(part.table, code)
        shown = pages.form_of(part, thing, as_it_is=True)
        shown.form_errors.extend(form.form_errors)
        return part_page(what, shown, thing, versions)

    def work() -> str:
        thing = queries.by_code(part.table, code)
        name, leads_to = pages.name_of(thing), pages.list_of(thing)
        service.remove(actor=actor(), thing=thing, seen=seen(form))
        flash(gettext("%(name)s is gone.", name=name), "good")
        return leads_to

    return answer(form, work=work, page=page)


# --- spaces -----------------------------------------------------------------------------------


@staff_premises.get("/spaces", endpoint="spaces")
def spaces_list() -> ResponseReturnValue:
    """List the spaces, drafts and those no longer in use too, a page at a time."""
    args = request.args
    sought = Sought(
        words=clean(args.get("q")),
        kind=next((kind for kind in SpaceKind if kind == args.get("kind")), None),
        floor=clean(args.get("floor")),
        state=next((state for state in SpaceState if state == args.get("state")), None),
    )
    number = min(max(args.get("page", 1, type=int), 1), FARTHEST_PAGE)
    found, total = queries.spaces_sought(sought, first=(number - 1) * PER_PAGE, limit=PER_PAGE)
    return render_template(
        "premises/spaces.html",
        sought=sought,
        spaces=found,
        total=total,
        number=number,
        is_last=number * PER_PAGE >= total,
        floors=queries.floors(),
        kinds=pages.kind_choices(),
        csv=pages.way_to("staff_lists.spaces_csv"),
    )


@staff_premises.route("/spaces/new", endpoint="new_space", methods=["GET", "POST"])
@staff_premises.route("/spaces/<code>/edit", endpoint="edit_space", methods=["GET", "POST"])
def space_of(code: str = "") -> ResponseReturnValue:
    """Add a space, or change the one with this code."""
    if not code:
        require(why_not_keep(actor()))

    def there() -> Space | None:
        return queries.space_to_keep(code) if code else None

    def page(versions: Versions) -> str:
        return space_page(form, there(), versions)

    def work() -> str:
        return keep_space(form, there())

    def current() -> forms.KeepForm:
        return pages.space_form(there(), as_it_is=True)

    space = there()
    form = pages.space_form(space)
    if request.method == "GET":
        return page([])
    return answer(form, work=work, page=page, current=current)


def keep_space(form: forms.SpaceForm, space: Space | None) -> str:
    """Add or change a space, say what holds from now on for its kind, and lead on."""
    by, fields, uses = actor(), form.fields(), schemas.uses_of(form.rows)
    said: Sequence[Text]
    if space is None:
        space, said = service.add_space(actor=by, fields=fields, uses=uses, seen=seen(form))
    else:
        said = service.change_space(
            actor=by, space=space, fields=fields, uses=uses, seen=seen(form)
        )
    flash(gettext("%(name)s is saved.", name=space.name), "good")
    for sentence in said:
        flash(translate(sentence), "info")
    if "another" in request.form:
        return url_for(".new_space", like=space.code)
    return url_for(".edit_space", code=space.code)


def space_page(form: forms.SpaceForm, space: Space | None, versions: Versions) -> str:
    """Return the page of a space's form."""
    booked = queries.coming(now=clock.now(), space_id=space.id) if space else []
    return render_template(
        "premises/space.html",
        form=form,
        rows=form.rows,
        space=space,
        versions=versions,
        booked=len(booked),
        is_code_fixed=space is not None and queries.was_ever_booked(space),
        close=pages.closing(space) if space else "",
        taking_back=pages.taking_back(space) if space else "",
    )


def part_page(what: str, form: forms.KeepForm, thing: Thing | None, versions: Versions) -> str:
    """Return the page of the form of a building, floor, zone or feature."""
    return render_template(
        "premises/part.html",
        what=what,
        form=form,
        thing=thing,
        name=pages.name_of(thing) if thing else PARTS[what].added,
        versions=versions,
        back=pages.list_of(thing) if thing else url_for(".campus"),
    )
