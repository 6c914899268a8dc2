"""What the addresses of staff's lists say, as far as it can be read."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from flask_babel import lazy_gettext
from wtforms import SelectMultipleField

from campus import clock
from campus.bookings.models import BookingState
from campus.errors import Text, text
from campus.lists.models import Position
from campus.spaces.models import SpaceKind
from campus.web.addresses import DAY, Args, code_in
from campus.web.forms import FIRST_DAY, LAST_DAY, Form, LineField, Present, at_most, clean

LONGEST_WORDS = 100
LONGEST_REASON = 200
MOST_PICKED = 100
ONE_DAY = timedelta(days=1)
A_YEAR = timedelta(days=365)
LATEST = "latest"
CODE = re.compile(r"[a-z0-9-]{1,40}", re.ASCII)
PICK = re.compile(r"([a-z0-9-]{1,40})\.(\d{1,9})", re.ASCII)
PLACE_IN_LIST = re.compile(r"(\d{8}T\d{12})\.([a-z0-9-]{1,40})", re.ASCII)
WRITTEN = "%Y%m%dT%H%M%S%f"

LIVE = (BookingState.CONFIRMED, BookingState.RELEASED)
STATES: dict[str, tuple[BookingState, ...]] = {
    "": LIVE,
    BookingState.CONFIRMED: (BookingState.CONFIRMED,),
    BookingState.RELEASED: (BookingState.RELEASED,),
    BookingState.CANCELLED: (BookingState.CANCELLED,),
    "all": (),
}


@dataclass(frozen=True, slots=True)
class Search:
    """What an address asks of the list of bookings; what it leaves open is None or empty.

    Attributes:
        state: a key of STATES.
        after: where the page before ended.
        picked: codes of the bookings that were ticked, where only those are asked for.
        mistakes: what could not be read, in sentences.
    """

    first: date | None = None
    last: date | None = None
    space: str = ""
    organisation: str = ""
    person: str = ""
    kind: SpaceKind | None = None
    state: str = ""
    words: str = ""
    is_latest: bool = False
    after: Position | None = None
    picked: tuple[str, ...] = ()
    mistakes: tuple[Text, ...] = ()

    def said(self) -> dict[str, str]:
        """Return the filters as an address says them."""
        return {
            "first": self.first.isoformat() if self.first else "",
            "last": self.last.isoformat() if self.last else "",
            "space": self.space,
            "organisation": self.organisation,
            "person": self.person,
            "kind": self.kind.value if self.kind else "",
            "state": self.state,
            "q": self.words,
            "order": LATEST if self.is_latest else "",
        }


def read_bookings(args: Args, *, today: date) -> Search:
    """Read the address of the list of bookings: from today on, where it says no days."""
    mistakes: list[Text] = []
    has_days = "first" in args or "last" in args
    search = Search(
        first=_day(args, "first", mistakes) if has_days else today,
        last=_day(args, "last", mistakes),
        space=code_in(args, "space"),
        organisation=code_in(args, "organisation"),
        person=code_in(args, "person"),
        kind=_kind(args, mistakes),
        state=_state(args, mistakes),
        words=words_in(args),
        is_latest=args.get("order") == LATEST,
        after=position_in(args),
        picked=tuple(code for code, _ in picked_in(args)),
    )
    if search.first and search.last and search.last < search.first:
        mistakes.append(text("The last day comes before the first."))
        search = replace(search, last=None)
    search = _within_a_year(search, mistakes, today=today)
    return replace(search, mistakes=tuple(mistakes))


def _within_a_year(search: Search, mistakes: list[Text], *, today: date) -> Search:
    """Return a search that need not look through all years for the few it finds."""
    is_rare = bool(search.words or search.kind) or search.state in {
        BookingState.RELEASED,
        BookingState.CANCELLED,
    }
    if not is_rare or search.space or search.organisation or search.person:
        return search
    if search.first is None:
        first = max((search.last or today) - A_YEAR, FIRST_DAY)
        last = search.last or first + A_YEAR
    else:
        first, last = search.first, min(search.last or LAST_DAY, search.first + A_YEAR)
    if (first, last) == (search.first, search.last):
        return search
    if search.last is not None or search.first is None:
        mistakes.append(
            text(
                "With these filters the list looks through one year at a time, now from"
                " %(first)s to %(last)s. Choose other days for what lies outside.",
                first=first,
                last=last,
            )
        )
    return replace(search, first=first, last=last)


def words_in(args: Args) -> str:
    """Return the words to look for, on one line; what is too long is cut."""
    return clean(args.get("q", "")[: 10 * LONGEST_WORDS])[:LONGEST_WORDS].strip()


def after_in(args: Args) -> str:
    """Return the code of the line with which the page before ended; empty where none is said."""
    raw = args.get("after", "")
    return raw if CODE.fullmatch(raw) else ""


def position_in(args: Args) -> Position | None:
    """Return where the page of bookings before ended; None where that cannot be read."""
    found = PLACE_IN_LIST.fullmatch(args.get("after", ""))
    try:
        at = datetime.strptime(found[1], WRITTEN).replace(tzinfo=UTC) if found else None
    except ValueError:
        return None
    return Position(at, found[2]) if found and at else None


def said_position(position: Position) -> str:
    """Return a place in the list of bookings as an address says it."""
    return f"{position.starts_at:{WRITTEN}}.{position.code}"


def picked_in(args: Args) -> list[tuple[str, int]]:
    """Return the bookings that were ticked, or all of the page, each with its revision, once."""
    names = ("on",) if args.get("all") else ("pick",)
    found = [PICK.fullmatch(raw) for name in names for raw in args.getlist(name)]
    return list({one[1]: int(one[2]) for one in found if one}.items())[:MOST_PICKED]


def _day(args: Args, name: str, mistakes: list[Text]) -> date | None:
    raw = args.get(name, "").strip()
    if not raw:
        return None
    try:
        found = date.fromisoformat(raw) if DAY.fullmatch(raw) else None
    except ValueError:
        found = None
    if found is None:
        mistakes.append(text("There is no such day. Write it as 2026-11-26, or choose one here."))
        return None
    return min(max(found, FIRST_DAY), LAST_DAY)


def _kind(args: Args, mistakes: list[Text]) -> SpaceKind | None:
    raw = args.get("kind", "").strip()
    found = next((kind for kind in SpaceKind if kind == raw), None)
    if raw and found is None:
        mistakes.append(text("There is no such kind of place. Choose one from the list."))
    return found


def _state(args: Args, mistakes: list[Text]) -> str:
    raw = args.get("state", "").strip()
    if raw in STATES:
        return raw
    mistakes.append(text("A booking is never in that state. Choose one from the list."))
    return ""


def first_at(search: Search) -> datetime | None:
    """Return the moment from which bookings are listed."""
    return clock.midnight(search.first) if search.first else None


def end_at(search: Search) -> datetime | None:
    """Return the moment until which bookings are listed."""
    return clock.midnight(search.last + ONE_DAY) if search.last else None


class CancelForm(Form):
    """Which bookings, each as it stood when looked at, and why they are cancelled."""

    pick = SelectMultipleField(validate_choice=False)
    reason = LineField(
        lazy_gettext("Why"),
        [
            Present(
                lazy_gettext(
                    "Say why. It stands in the history of each of them, and in the mail about it."
                )
            ),
            at_most(LONGEST_REASON),
        ],
    )
