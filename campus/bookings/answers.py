"""How the doors of bookings answer: the form again, a booking with a refusal, the dock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from flask import Response, make_response, render_template, request, url_for
from werkzeug.datastructures import MultiDict

from campus.bookings import asking, pages, queries, repairs, rules, ways
from campus.bookings.asking import NOBODY, Sheet, period_in, sheet_of
from campus.bookings.forms import BookingForm, ChangeForm
from campus.bookings.models import Booking
from campus.bookings.repairs import Wanted
from campus.bookings.ways import Go, Send
from campus.clock import Period
from campus.errors import Busy, CampusError, Conflict, NotFound, RuleBroken, Text, text
from campus.members.models import Actor
from campus.spaces import policy as words
from campus.spaces import queries as spaces
from campus.spaces.models import Space, SpaceKind
from campus.web.carry import page_with, waiting_form
from campus.web.forms import Form, new_key
from campus.web.templating import translate

LONGEST_SAID = 300  # characters of a value in an address
TIMES = ("space", "day", "from", "to", "until")


@dataclass(frozen=True, slots=True)
class Refused:
    """A refusal as a page shows it, with its ways out."""

    title: Text | None
    message: Text
    ways: Sequence[Send | Go] = ()


def is_swapped() -> bool:
    """Whether a script asks for a part of a page, to put it in place."""
    return request.headers.get("HX-Request") == "true"


def first_error(form: Form) -> str:
    """Return the first thing that is wrong with a form."""
    return next(str(error) for errors in form.errors.values() for error in errors)


# --- the form of a booking --------------------------------------------------------------------


def form_page(form: BookingForm) -> str:
    """Show the form of a booking."""
    sheet = sheet_of(form, kind=form.wanted_kind)
    return render_template("bookings/new.html", form=form, sheet=sheet, refused=None)


def form_again(
    form: BookingForm, *, actor: Actor, now: datetime, refusal: CampusError | None = None
) -> Response:
    """Show the form with what is wrong and ways out; a script gets the dock.

    The key stays, so that a booking made after all is not made twice; a used one is replaced.
    """
    if isinstance(refusal, NotFound):
        form.space.errors, refusal = [translate(refusal.message)], None
    asking.name_guest(form, actor=actor)
    is_used = isinstance(refusal, RuleBroken) and refusal.rule == "idempotency"
    form.renew_key(new_key(), keep=not is_used)
    sheet = sheet_of(form, kind=form.wanted_kind)
    refused = _refused_booking(form, sheet, actor=actor, now=now, refusal=refusal)
    template = "bookings/dock.html" if is_swapped() else "bookings/new.html"
    page = render_template(
        template,
        form=form,
        sheet=sheet,
        refused=refused,
        state="refused",
        draft_href=draft_address(form),
        seen=_seen(sheet.space, period_in(form)),
    )
    return _answer(page, refusal)


def _refused_booking(
    form: BookingForm, sheet: Sheet, *, actor: Actor, now: datetime, refusal: CampusError | None
) -> Refused | None:
    if refusal is None:
        return None
    on, found = period_in(form), refusal.repairs
    space = sheet.space or next(iter(asking.fitting(form)), None)
    if not found and space and repairs.can_mend(refusal, actor=actor, space=space):
        wanted = asking.wanted(form, space, actor=actor)
        found = repairs.repairs_for(actor, wanted, now=now) if wanted else []
    kind = space.kind if space else SpaceKind.DESK
    buttons = ways.ways_to_book(found, form=form, kind=kind, on=on)
    if isinstance(refusal, Busy) and is_swapped():
        buttons = _once_more()
    is_new = _is_new(refusal, space, on, now=now)
    return _refused(refusal, sheet.name, buttons=buttons, is_new=is_new)


def _once_more() -> list[Send | Go]:
    """Return the button that sends what a dock sent once more, under the same key."""
    fields = {name: value for name, value in request.form.items() if name != "csrf_token"}
    if any(len(values) > 1 for values in request.form.listvalues()):
        return []  # a button has one value for each name; the form behind "Adjust" has them all
    return [Send(text("Try again"), url_for("bookings.create"), fields)]


def draft_address(form: BookingForm) -> str:
    """Return the address of the form, filled with what was sent.

    Words and people stand in no address: a form that has them travels signed.
    """
    if any(request.form.get(name) for name in form.PRIVATE):
        carried = page_with(waiting_form(but={"idem"}))
        if carried is not None:
            return carried
    said = [
        (name, value[:LONGEST_SAID])
        for name in form.IN_ADDRESS
        for value in request.form.getlist(name)
    ]
    return f"{url_for('bookings.new')}?{urlencode(said)}"


# --- the dock ---------------------------------------------------------------------------------


def dock(booking: Booking, *, actor: Actor, now: datetime, state: str) -> Response:
    """Tell a page that did something in place how it stands now, with the way back.

    Args:
        state: "booked", "changed" or "undone".
    """
    page = pages.page_of(booking, actor=actor, now=now)
    seen = _seen(booking.space, booking.period)
    return make_response(render_template("bookings/dock.html", shown=page, state=state, seen=seen))


def _seen(space: Space | None, on: Period | None) -> str:
    """Return what an address says that shows a space at a time, as the dock speaks of it."""
    if space is None or on is None:
        return ""
    fields = {"kind": space.kind.value, "space": space.code, **ways.fields_of(on)}
    return urlencode({name: fields[name] for name in fields if name != "until"})


# --- a booking --------------------------------------------------------------------------------


def booking_again(
    booking: Booking, *, actor: Actor, now: datetime, refusal: CampusError
) -> Response:
    """Show a booking with why something could not be done with it; a script gets the dock."""
    shown = pages.page_of(booking, actor=actor, now=now)
    refused = Refused(None, refusal.message, _anew(shown, refusal, now=now))
    template = "bookings/dock.html" if is_swapped() else "bookings/show.html"
    seen = _seen(booking.space, booking.period)
    page = render_template(template, shown=shown, refused=refused, state="kept", seen=seen)
    return _answer(page, refusal)


def _anew(page: pages.Page, refusal: CampusError, *, now: datetime) -> list[Go]:
    """Return the way on from a booking that is gone: the form, filled in for the same."""
    is_gone = not page.is_open and page.booking.ends_at > now
    if not (is_gone and isinstance(refusal, Conflict)):
        return []
    return [Go(text("Book it again"), page.again)]


def change_page(form: ChangeForm, *, booking: Booking) -> str:
    """Show the form of another time, place or subject."""
    sheet = sheet_of(form, kind=booking.space.kind, moving=booking)
    return render_template(
        "bookings/change.html",
        form=form,
        sheet=sheet,
        booking=booking,
        booking_name=words.named(booking.space),
        refused=None,
        is_stale=False,
    )


def change_again(
    form: ChangeForm,
    *,
    booking: Booking,
    actor: Actor,
    now: datetime,
    refusal: CampusError | None = None,
) -> Response:
    """Show the form again with what is wrong; a newer version of the booking beside the draft."""
    if isinstance(refusal, NotFound):
        form.space.errors, refusal = [translate(refusal.message)], None
    is_stale = isinstance(refusal, Conflict) and refusal.code == "stale"
    if is_stale or form.revision.data is None:
        form.revision.data = booking.revision
    sheet = sheet_of(form, kind=booking.space.kind, moving=booking)
    refused = None
    if refusal is not None:
        space, on, found = sheet.space or booking.space, period_in(form), refusal.repairs
        if not found and on and repairs.can_mend(refusal, actor=actor, space=space):
            who = booking.person_id if booking.source is None else NOBODY
            wanted = Wanted(space, on, person_id=who, but=booking)
            found = repairs.repairs_for(actor, wanted, now=now)
        buttons = ways.ways_to_change(found, booking=booking, form=form, kind=space.kind)
        is_new = _is_new(refusal, space, on, now=now)
        refused = _refused(refusal, sheet.name, buttons=buttons, is_new=is_new)
    page = render_template(
        "bookings/dock.html" if is_swapped() else "bookings/change.html",
        form=form,
        sheet=sheet,
        booking=booking,
        booking_name=words.named(booking.space),
        refused=refused,
        is_stale=is_stale,
        draft=period_in(form),
        state="refused",
        draft_href=_change_address(booking),
        seen=_seen(sheet.space or booking.space, period_in(form) or booking.period),
    )
    return _answer(page, refusal)


def _change_address(booking: Booking) -> str:
    """Return the address of the form of a change, with the time and place that were sent."""
    said = {name: request.form.get(name, "")[:LONGEST_SAID] for name in TIMES}
    kept = {name: value for name, value in said.items() if value}
    return f"{url_for('bookings.change', code=booking.code)}?{urlencode(kept)}"


def draft_of(booking: Booking, said: MultiDict[str, str]) -> MultiDict[str, str]:
    """Return the fields of a change: what was said, and how the booking is where it was not."""
    kept = {
        "space": booking.space.code,
        **ways.fields_of(booking.period),
        "title": booking.title,
        "note": booking.note,
        "revision": str(booking.revision),
    }
    if "day" in said:
        kept.pop("until", None)
    return MultiDict({**kept, **{name: said[name] for name in said if name in ChangeForm.NAMES}})


# --- shared -----------------------------------------------------------------------------------


def _is_taken(refusal: CampusError) -> bool:
    return isinstance(refusal, Conflict) and refusal.code == "taken"


def _is_new(
    refusal: CampusError, space: Space | None, on: Period | None, *, now: datetime
) -> bool:
    """Whether what stands in the way was not there a moment ago."""
    if space is None or on is None or not _is_taken(refusal):
        return False
    ids = [part.id for part in spaces.parts_of(space)]
    before, after = space.buffer_before_minutes, space.buffer_after_minutes
    [wide] = rules.with_buffers([on], before=before, after=after)
    return queries.was_just_taken(ids, wide, now=now)


def _refused(
    refusal: CampusError, name: Text | None, *, buttons: Sequence[Send | Go], is_new: bool
) -> Refused:
    if name is None or not _is_taken(refusal):
        return Refused(None, refusal.message, buttons)
    return Refused(
        text("%(place)s has just been taken", place=name)
        if is_new
        else text("%(place)s is taken then", place=name),
        text("These come closest to what you chose.")
        if buttons
        else text("Nothing like it is free. Choose another day or another kind of place."),
        buttons,
    )


def _answer(page: str, refusal: CampusError | None) -> Response:
    """Answer with the status of a refusal; of a form that is wrong, 422."""
    answer = make_response(page, refusal.status if refusal else RuleBroken.status)
    if isinstance(refusal, Busy):
        answer.headers["Retry-After"] = "5"
    return answer
