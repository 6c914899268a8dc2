"""Rooms as rows of blocks, with an address and words for each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from campus import clock
from campus.clock import Period
from campus.errors import text
from campus.occupancy.rules import gaps
from campus.timeline import rules
from campus.timeline.rules import CLOSED, OUT_OF_USE, TAKEN, Frame, Room, Tone, Use
from campus.timeline.scene import Sheet, free_of
from campus.timeline.schemas import Block, Drawn, Row
from campus.web import strips

YOURS = text("yours")
MOST_ICONS = 100  # rows with pictures of what is in the room; more of them weigh too much
MANY_HOURS = 16  # of which every second one is written
SHOWN = {"mine", "org", "past", "off"}  # in a strip; all else is only taken


def row_of(
    sheet: Sheet,
    room: Room,
    uses: Sequence[Use],
    *,
    about: str,
    icons: Sequence[tuple[str, str]],
    address: str,
) -> Row:
    """Return a room with its day."""
    free = free_of(sheet, room, uses)
    hours = sheet.opened.get(room.kind) if room.is_there_on(sheet.day) else None
    state = _state(sheet, room, uses, free=free, hours=hours)
    blocks = blocks_of(sheet, room, uses, free=free, hours=hours)
    return Row(
        room.code,
        room.name,
        room.kind,
        f"{address}/{room.code}?day={sheet.day}",
        about,
        icons,
        blocks,
        sheet.say(state.words),
        state.tone,
        [
            f"{one.tone if one.tone in SHOWN else ''} {one.place}"
            for one in blocks
            if one.tone != "free"
        ],
        _closures(sheet, uses) if state.tone != "steen" else (),
    )


def _closures(sheet: Sheet, uses: Sequence[Use]) -> list[str]:
    """Return when a room is out of use in the hours that are drawn, and why."""
    closed = [one for one in uses if one.tone is Tone.OFF and one.seen.overlaps(sheet.frame.hours)]
    return [f"{_span(sheet, use)} {_words(sheet, use)[0]}" for use in closed]


def _span(sheet: Sheet, use: Use) -> str:
    frame, seen = sheet.frame, use.seen
    last = frame.minutes if seen.ends_at is None else frame.minute(seen.ends_at)
    return frame.span(frame.minute(seen.starts_at), last)


def _state(
    sheet: Sheet, room: Room, uses: Sequence[Use], *, free: Sequence[Period], hours: Period | None
) -> rules.State:
    if hours is not None and room.kind in sheet.later:
        return rules.not_yet(sheet.later[room.kind])
    return rules.state_of(hours, uses, free, now=sheet.now)


def blocks_of(
    sheet: Sheet, room: Room, uses: Sequence[Use], *, free: Iterable[Period], hours: Period | None
) -> list[Block]:
    """Return everything in the row of a room, earliest first."""
    frame = sheet.frame
    found: list[tuple[datetime, Block]] = [
        (use.seen.starts_at, _taken(sheet, room, use))
        for use in uses
        if use.seen.overlaps(frame.hours)
    ]
    found += ((gap.starts_at, _gap(sheet, room, gap, hours=hours)) for gap in free)
    found += (
        (one.starts_at, _not_yet(sheet, room, one)) for one in _later(sheet, room, uses, hours)
    )
    shut = [] if hours == frame.hours else gaps(frame.hours, [hours] if hours else [])
    found += (
        (one.starts_at, _shut(sheet, room, one))
        for one in shut
        if not any(use.seen.overlaps(one) for use in uses)
    )
    found.sort(key=lambda pair: pair[0])
    return [block for _, block in found]


def _taken(sheet: Sheet, room: Room, use: Use) -> Block:
    frame, seen = sheet.frame, use.seen
    first = frame.minute(seen.starts_at)
    last = frame.minutes if seen.ends_at is None else frame.minute(seen.ends_at)
    is_over = seen.ends_at is not None and seen.ends_at <= sheet.now
    words, by = _words(sheet, use)
    said, hours = f"{words}, {by}" if by else words, frame.span(first, last)
    is_movable = use.revision and not is_over
    return Block(
        frame.place(first, last),
        "past" if is_over and use.tone is not Tone.MINE else use.tone.value,
        sheet.booking + use.code if use.code else "",
        f"{first} {last} {use.code} {use.revision}" if is_movable else "",
        words,
        by,
        hours,
        f"{said}, {room.name}, {hours}",
    )


def _words(sheet: Sheet, use: Use) -> tuple[str, str]:
    """Return what for, and whose; only the first where there is but one."""
    if use.tone is Tone.OFF:
        return sheet.say(use.title) or sheet.say(OUT_OF_USE), ""
    if use.tone is Tone.MINE:
        return (sheet.say(use.title), "") if use.title else (sheet.say(YOURS), "")
    if use.title:
        return sheet.say(use.title), use.by
    return use.by or sheet.say(TAKEN), ""


def _gap(sheet: Sheet, room: Room, gap: Period, *, hours: Period | None) -> Block:
    frame = sheet.frame
    first, last = frame.minute(gap.starts_at), frame.minute(gap.end)
    until = min(last, first + sheet.offers[room.kind].terms.length // rules.MINUTE)
    words, span = _gap_words(sheet, gap, hours or frame.hours), frame.span(first, last)
    return Block(
        frame.place(first, last),
        "free",
        f"{sheet.form}?space={room.code}&day={sheet.day}"
        f"&from={frame.label(first)}&to={frame.label(until)}",
        f"{first} {last}",
        words,
        "",
        span,
        f"{words}, {room.name}, {span}",
    )


def _gap_words(sheet: Sheet, gap: Period, hours: Period) -> str:
    key = gap.starts_at, gap.end, hours.end
    if key not in sheet.told:
        sheet.told[key] = sheet.say(rules.gap_words(gap, hours=hours))
    return sheet.told[key]


def _later(sheet: Sheet, room: Room, uses: Sequence[Use], hours: Period | None) -> list[Period]:
    """Return what nobody has of a room on a day that is too far ahead to be booked."""
    if hours is None or room.kind not in sheet.later:
        return []
    return gaps(hours, [use.seen for use in uses])


def _not_yet(sheet: Sheet, room: Room, period: Period) -> Block:
    return _off(sheet, room, period, sheet.say(rules.not_yet(sheet.later[room.kind]).words))


def _shut(sheet: Sheet, room: Room, period: Period) -> Block:
    return _off(sheet, room, period, sheet.say(CLOSED))


def _off(sheet: Sheet, room: Room, period: Period, words: str) -> Block:
    frame = sheet.frame
    first, last = frame.minute(period.starts_at), frame.minute(period.end)
    span = frame.span(first, last)
    label = f"{words}, {room.name}, {span}"
    return Block(frame.place(first, last), "off", "", "", words, "", span, label)


def drawn(sheet: Sheet, *, asks: bool = True) -> Drawn:
    """Return the hours of a page, and what its script needs to know.

    Args:
        asks: somebody can choose a time here.
    """
    frame = sheet.frame
    terms = {kind: offer.terms for kind, offer in sheet.offers.items()}
    step = min((one.grid for one in terms.values()), default=15 * rules.MINUTE)
    minutes = step // rules.MINUTE
    return Drawn(
        hours=frame.minutes // 60,
        marks=_marks(frame),
        now=_now(frame, sheet.now),
        times=[
            (frame.label(minute), frame.is_sayable(minute))
            for minute in range(0, frame.minutes + 1, minutes)
        ]
        if asks
        else (),
        step=minutes,
        terms={
            kind: (
                one.grid // rules.MINUTE,
                one.shortest // rules.MINUTE,
                (one.longest or rules.NOTHING) // rules.MINUTE,
                one.length // rules.MINUTE,
            )
            for kind, one in terms.items()
        },
    )


def _marks(frame: Frame) -> list[tuple[str, str]]:
    hours = frame.minutes // 60
    every = 60 if hours <= MANY_HOURS else 120
    return [
        (frame.place(minute, min(minute + every, frame.minutes)), frame.label(minute))
        for minute in range(0, hours * 60, every)
    ]


def _now(frame: Frame, now: datetime) -> tuple[int, str] | None:
    if not frame.hours.starts_at <= now < frame.hours.end:
        return None
    return strips.place(frame.hours, now), f"{clock.local(now):%H:%M}"
