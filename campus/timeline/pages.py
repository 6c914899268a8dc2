"""The pages of rooms as a whole: what is asked of the database, and what is made of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from campus import clock
from campus.bookings import policy
from campus.clock import Period
from campus.errors import Spoken, Text, text
from campus.members.models import Actor
from campus.spaces import queries as spaces
from campus.spaces.models import Audience, BookingRule, Space, SpaceKind
from campus.timeline import bar, choice, listing, queries, rules
from campus.timeline.forms import Search, week_code
from campus.timeline.queries import Wish
from campus.timeline.rules import Room, Use
from campus.timeline.scene import Address, Describer, Sheet, address_of, with_day
from campus.timeline.schemas import Page, Row
from campus.timeline.terms import Offer, can_book_on, how_far, offer_of, terms_by_kind
from campus.web.templating import translate

ONE_DAY = timedelta(days=1)
MOST_IDS = 100  # named one by one to the database
LOOK = 14  # days to each side, in which the next open one is looked for
USUAL = time(8), time(20)  # drawn where nothing is open
RESERVED = {
    Audience.RESIDENTS: text("for residents"),
    Audience.STAFF: text("by the front desk"),
}


@dataclass(frozen=True, slots=True)
class Known:
    """What the database says of the rooms of a day.

    Attributes:
        every: the rooms of the kinds asked for; `rooms` are those that fit.
        uses: by id, a combined room's being those of its parts.
        hours: of the days around this one, by kind; reasons: why others are closed.
    """

    every: Sequence[Room]
    rooms: Sequence[Room]
    wishes: Sequence[Wish]
    uses: Mapping[int, Sequence[Use]]
    hours: Mapping[SpaceKind, Mapping[date, Period]]
    reasons: Mapping[date, Spoken]
    booked: Mapping[SpaceKind, BookingRule]


def day_page(search: Search, *, actor: Actor | None, now: datetime) -> Page:
    """Return everything the day of all rooms shows."""
    today = clock.today(now)
    mistakes = list(search.mistakes)
    if search.free and search.day not in {None, today}:
        mistakes.append(text("What is free now can be asked of today only; this is today."))
        search = replace(search, day=None)
    day = search.day or today
    known, search = _known(search, day, actor=actor, mistakes=mistakes)
    address = address_of(search, has=search.has)
    reserved = _reserved(actor)
    sheet = _sheet(known, day, now=now)
    describer = Describer(
        known.wishes, reserved={one: translate(RESERVED[one]) for one in reserved}
    )
    mine = [room for room in known.rooms if room.audience not in reserved]
    bookable = replace(
        sheet, offers=_offers(sheet, known, day, now=now), later=_later(known, day, today=today)
    )
    open_to_me = bookable if _why_not(actor, Audience.MEMBERS) is None else sheet
    free = (
        choice.free_rooms(open_to_me, mine, known.uses, key=search.free, describer=describer)
        if search.free
        else []
    )
    earlier, later = _beside(day, known.hours.values(), today=today)
    return Page(
        day=day,
        today=today,
        mistakes=mistakes,
        earlier=with_day(address, earlier) if earlier else "",
        later=with_day(address, later) if later else "",
        now_href=address.to({"day": ""}),
        week_href=_week_href(address, known.rooms, day),
        closed=_closed(day, known, now=now),
        is_over=day < today,
        kinds=bar.kinds(address, search),
        floors=bar.floors(address, search, known.every),
        wishes=bar.wishes(address, search, known.wishes, rooms=known.every),
        lengths=bar.lengths(address, search) if day == today else (),
        free=free[: choice.MOST] if search.free else None,
        free_count=len(free),
        rows=_rows(open_to_me, sheet, known, reserved=reserved, describer=describer),
        drawn=listing.drawn(open_to_me),
        live=address.to({"day": day.isoformat()}),
        plain_href=address.to({"has": "", "people": "", "floor": ""}),
        barred=_why_not(actor, Audience.MEMBERS),
    )


def _known(
    search: Search, day: date, *, actor: Actor | None, mistakes: list[Text]
) -> tuple[Known, Search]:
    """Return what is known of a day, and the search without what nobody knows."""
    kinds = bar.kinds_of(search)
    booked = spaces.booking_rules()
    openings = spaces.openings(kinds, first=day - LOOK * ONE_DAY, last=day + LOOK * ONE_DAY)
    every = [room for room in queries.rooms(kinds) if room.is_there_on(day)]
    wishes = queries.wishes()
    search = _sensible(search, every, wishes, mistakes=mistakes)
    ids = sorted({part for room in every for part in room.parts})
    found = queries.uses(
        clock.day_period(day), reader=actor, space_ids=ids if len(ids) <= MOST_IDS else None
    )
    rooms = bar.fitting(every, search, wishes)
    hours = {kind: one.periods for kind, one in openings.items()}
    reasons = {on: why for one in openings.values() for on, why in one.reasons.items()}
    return Known(every, rooms, wishes, _by_room(found, every), hours, reasons, booked), search


def _sensible(
    search: Search, every: Sequence[Room], wishes: Sequence[Wish], *, mistakes: list[Text]
) -> Search:
    """Leave out of the address what nobody knows, and say so."""
    codes = {wish.code for wish in wishes}
    has = tuple(code for code in search.has if code in codes)
    if has != search.has:
        mistakes.append(text("There is no such wish here; it was left out."))
    floor = search.floor if search.floor in {room.floor_code for room in every} else ""
    if floor != search.floor:
        mistakes.append(text("There is no floor called %(code)s.", code=search.floor))
    return replace(search, has=has, floor=floor)


def _by_room(found: Iterable[Use], rooms: Iterable[Room]) -> dict[int, Sequence[Use]]:
    uses: dict[int, list[Use]] = {}
    for use in found:
        uses.setdefault(use.space_id, []).append(use)
    wholes = {
        room.id: rules.apart([use for part in room.parts for use in uses.get(part, ())])
        for room in rooms
        if room.parts != (room.id,)
    }
    return {**uses, **wholes}


def _sheet(known: Known, day: date, *, now: datetime) -> Sheet:
    """Return the day as it is drawn, before anybody may book any of it."""
    opened = {
        kind.value: days[day]
        for kind, days in known.hours.items()
        if day in days and any(room.kind == kind for room in known.every)
    }
    uses = (use for room in known.rooms for use in known.uses.get(room.id, ()))
    usual = Period(clock.wall(day, USUAL[0]), clock.wall(day, USUAL[1]))
    frame = rules.frame_of(day, opened.values(), uses, usual=usual)
    return Sheet(day=day, frame=frame, opened=opened, offers={}, now=now)


def _offers(sheet: Sheet, known: Known, day: date, *, now: datetime) -> dict[str, Offer]:
    """Return what can be booked on a day, by kind."""
    terms = terms_by_kind(known.booked, known.hours)
    return {
        kind.value: offer_of(sheet.opened[kind], terms=one, now=now)
        for kind, one in terms.items()
        if kind.value in sheet.opened and can_book_on(day, one, now=now)
    }


def _later(known: Known, day: date, *, today: date) -> dict[str, date]:
    """Return from when on a day can be booked, of the kinds for which it is too far ahead."""
    terms = terms_by_kind(known.booked, known.hours)
    since = {kind.value: day - one.horizon_days * ONE_DAY for kind, one in terms.items()}
    return {kind: first for kind, first in since.items() if first > today}


def _rows(
    bookable: Sheet,
    sheet: Sheet,
    known: Known,
    *,
    reserved: Iterable[Audience],
    describer: Describer,
) -> list[Row]:
    has_icons = len(known.rooms) <= listing.MOST_ICONS
    say = {wish.code: bookable.say(wish.name) for wish in known.wishes}
    path = Address().path
    barred = set(reserved)
    return [
        listing.row_of(
            sheet if room.audience in barred else bookable,
            room,
            known.uses.get(room.id, ()),
            about=describer.about(room),
            icons=describer.icons(room, say=say)
            if has_icons and room.kind != SpaceKind.DESK
            else (),
            address=path,
        )
        for room in known.rooms
    ]


def _reserved(actor: Actor | None) -> list[Audience]:
    """Return the audiences this reader is not of; one reason for all of them is said apart."""
    if actor is None or _why_not(actor, Audience.MEMBERS) is not None:
        return []
    return [one for one in RESERVED if _why_not(actor, one) is not None]


def _why_not(actor: Actor | None, audience: Audience) -> Text | None:
    if actor is None:
        return None
    return policy.why_not_book(
        actor, Space(kind=SpaceKind.MEETING_ROOM, audience=audience, name="")
    )


# --- days -------------------------------------------------------------------------------------


def _beside(
    day: date, hours: Iterable[Mapping[date, Period]], *, today: date
) -> tuple[date | None, date | None]:
    """Return the nearest days before and after on which something is open; today counts too."""
    found = {one for days in hours for one in days} | {today}
    return (
        max((one for one in found if one < day), default=None),
        min((one for one in found if one > day), default=None),
    )


def _week_href(address: Address, rooms: Sequence[Room], day: date) -> str:
    """Return the week of the first room; there is no week of all of them."""
    return f"{address.path}/{rooms[0].code}?week={week_code(day)}&day={day}" if rooms else ""


def _closed(day: date, known: Known, *, now: datetime) -> Text | None:
    """Return why nothing can be booked on a day, or None."""
    kinds = {SpaceKind(room.kind) for room in known.every}
    opened = [kind for kind in kinds if day in known.hours[kind]]
    if not opened:
        if day in known.reasons:
            reason = known.reasons[day]
            return text("The campus is closed on %(day)s: %(reason)s.", day=day, reason=reason)
        return text("The campus is closed on %(day)s.", day=day)
    today = clock.today(now)
    ahead = max((known.booked[kind].horizon_days for kind in opened if kind in known.booked),
                default=0)  # fmt: skip
    if day <= today + ahead * ONE_DAY:
        return None
    return how_far(ahead, today=today)
