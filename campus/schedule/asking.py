"""From a file to the rows that are asked for; all of it is read once before anything is booked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path

from campus import clock
from campus.clock import Period
from campus.errors import Text, text
from campus.schedule import listing, rules, schemas
from campus.schedule.listing import Sheet
from campus.schedule.models import Map, Row, Survey
from campus.web.ical_expand import Occurrence
from campus.web.ical_limits import MOST_BYTES, UnreadableError
from campus.web.ical_worker import read_calendar
from campus.web.maps import decoded
from campus.web.remarks import Mistaken, Remark, Spot, mistaken, shortened

CALENDARS = {".ics", ".ical", ".icalendar", ".ifb", ".vcs"}
AHEAD = timedelta(days=400)  # how far a calendar is read, where nobody says
MOMENT = timedelta(microseconds=1)
FIRST, LAST = date(1990, 1, 1), date(2100, 12, 31)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody wants imported.

    Attributes:
        space: the code of the one space that all of it is about; "" where each row says.
        first, until: campus days, from `first` to before `until`; None for no limit.
    """

    path: Path
    map: Path | None = None
    space: str = ""
    first: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What a file asks: an overview, and its rows as often as one likes to go through them."""

    survey: Survey
    rows: Callable[[], Iterator[Row]]


def is_calendar(path: Path) -> bool:
    """Whether a file is an .ics, by its name or its first line."""
    if path.suffix.lower() in CALENDARS:
        return True
    with path.open("rb") as file:
        return file.read(20).lstrip(b"\xef\xbb\xbf").upper().startswith(b"BEGIN:VCALENDAR")


def asked_of(wanted: Wanted, *, now: datetime) -> Asked:
    """Return what a file asks.

    Raises:
        Mistaken: it cannot be read, or something in it is wrong; nothing was booked.
    """
    if wanted.first and wanted.until and wanted.until <= wanted.first:
        raise mistaken(text("--until is not after --from, so there is nothing between."))
    try:
        return _calendar(wanted, now=now) if is_calendar(wanted.path) else _sheet(wanted)
    except UnreadableError as error:
        raise mistaken(Text(str(error).replace("%", "%%"))) from error
    except OSError as error:
        raise mistaken(
            text("%(file)s cannot be read: %(why)s.", file=error.filename, why=error.strerror)
        ) from error


# --- CSV --------------------------------------------------------------------------------------


def _sheet(wanted: Wanted) -> Asked:
    given = _map(wanted.map) if wanted.map else None
    sheet = Sheet(wanted.path, given=given, space=wanted.space, zone=clock.campus_zone())
    survey, mistakes = Survey(), list[Remark]()
    ids: set[int] = set()
    for row in sheet.rows(mistakes):
        key = listing.key_of(row.source)
        if key in ids:
            mistakes.append(_twin(row, sheet.map.column_of("id")))
        ids.add(key)
        if not _is_within(row, wanted):
            survey.outside += 1
            continue
        survey.rows += 1
        survey.places.setdefault(row.code.lower(), row)
        if len(mistakes) > listing.MOST_MISTAKES:
            break
    if mistakes:
        raise Mistaken(_told(mistakes))
    survey.left_out = sheet.left_out
    if not survey.rows and not survey.outside:
        raise mistaken(text("The map leaves out every row of the file."))
    return Asked(survey, lambda: (row for row in sheet.rows() if _is_within(row, wanted)))


def _map(path: Path) -> Map:
    return schemas.read_map(decoded(path.read_bytes()), name=path.stem)


def _twin(row: Row, column: str) -> Remark:
    own = row.source.partition(":")[2]
    words = text(
        "“%(id)s” is the id of an earlier row already. An id belongs to one booking, for it is"
        " known by it the next time.",
        id=shortened(own),
    )
    return Remark(Spot(line=row.line, column=column), words)


def _told(mistakes: list[Remark]) -> list[Remark]:
    most = listing.MOST_MISTAKES
    more = Remark(Spot(), text("And there is more."))
    return [*mistakes[:most], more] if len(mistakes) > most else mistakes


def _is_within(row: Row, wanted: Wanted) -> bool:
    if row.period is None:
        first_day = last_day = date.fromisoformat(row.on)
    else:
        days = clock.today(row.period.starts_at), clock.today(row.period.end - MOMENT)
        first_day, last_day = days
    begun = wanted.until is None or first_day < wanted.until
    return begun and (wanted.first is None or last_day >= wanted.first)


# --- .ics -------------------------------------------------------------------------------------


def _calendar(wanted: Wanted, *, now: datetime) -> Asked:
    if wanted.map:
        raise mistaken(text("A map says what columns mean, and an .ics has none."))
    if not wanted.space:
        raise mistaken(
            text("An .ics does not say which space it is about. Name the space with --space CODE.")
        )
    with wanted.path.open("rb") as file:
        data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise mistaken(
            text(
                "The calendar has %(size)s MB, and at most 1 MB is read. Export fewer years or"
                " fewer calendars at a time; what is booked already is known again.",
                size=-(-wanted.path.stat().st_size // MOST_BYTES),
            )
        )
    first = min(max(wanted.first or clock.today(now), FIRST), LAST)
    until = max(min(wanted.until or first + AHEAD, LAST), first)
    found = read_calendar(
        data,
        zone=clock.campus_zone().key,
        first=clock.midnight(first),
        until=clock.midnight(until),
    )
    rows = [_row(one, wanted.space) for one in found.occurrences]
    survey = Survey(rows=len(rows), warnings=found.warnings)
    if wanted.first is None or wanted.until is None:
        survey.warnings.insert(
            0, f"Looked at {first} to before {until}; --from and --until choose other days."
        )
    for row in islice(rows, 1):
        survey.places[row.code.lower()] = row
    return Asked(survey, lambda: iter(rows))


def _row(one: Occurrence, space: str) -> Row:
    """Return an occurrence as a row. Its id holds the space: one meeting may take two rooms."""
    source = rules.source_id(space.lower(), one.source)
    title = rules.title(one.title)
    period, why_not = None, one.why_not
    if "T" in one.starts and "T" in one.ends:
        starts_at, ends_at = (
            datetime.fromisoformat(at).astimezone(UTC) for at in (one.starts, one.ends)
        )
        why_not = why_not or str(rules.why_not_period(starts_at, ends_at) or "")
        period = None if why_not else Period(*rules.whole_minutes(starts_at, ends_at))
        on = str(clock.today(starts_at))
    else:
        on = one.starts[:10]
    return Row(0, source, space, space, period, title, why_not, on)
