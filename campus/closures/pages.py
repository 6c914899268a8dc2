"""What the pages of closures show: values for their templates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from campus.clock import Period
from campus.closures import queries
from campus.closures.forms import OWN, ClosingForm
from campus.closures.models import Choice, ClosureMet
from campus.closures.repairs import Met, Preview
from campus.closures.verdict import Answer
from campus.errors import Spoken
from campus.members import queries as members
from campus.spaces import queries as spaces
from campus.spaces.models import Closure, Space

PER_PAGE = 50
MOST_MET = 200
MOST_NAMED = 6
Fields = list[tuple[str, str]]


# --- the list ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Together:
    """Spaces that were closed together.

    Attributes:
        by: who did it; empty where nobody knows.
        is_running, is_over: how it stands now.
        is_lifted: it ended before its own end, or never began.
    """

    code: str
    spaces: Sequence[Space]
    period: Period
    reason: Spoken
    by: str
    revision: int
    is_final: bool
    is_running: bool
    is_over: bool
    is_lifted: bool
    is_called_off: bool

    @property
    def named(self) -> Sequence[Space]:
        """The first of its spaces."""
        return self.spaces[:MOST_NAMED]

    @property
    def more(self) -> int:
        """How many spaces it has beside those."""
        return max(len(self.spaces) - MOST_NAMED, 0)


def together(found: Iterable[Closure], *, now: datetime) -> list[Together]:
    """Return closures by what was closed together, in the order they come."""
    groups = spaces.together(found)
    names = members.names_of(rows[0].created_by_id for rows in groups.values()).by_id
    return [_together(code, rows, names=names, now=now) for code, rows in groups.items()]


def _together(
    code: str, rows: Sequence[Closure], *, names: Mapping[int, str], now: datetime
) -> Together:
    first = rows[0]
    is_called_off = first.lifted_at is not None and first.lifted_at <= first.starts_at
    is_over = is_called_off or (first.ends_at is not None and first.ends_at <= now)
    return Together(
        code=code,
        spaces=[closure.space for closure in rows],
        period=first.period,
        reason=Spoken(first.reason_nl, first.reason_en),
        by=names.get(first.created_by_id or 0, ""),
        revision=max(closure.revision for closure in rows),
        is_final=first.is_final,
        is_running=not is_over and first.starts_at <= now,
        is_over=is_over,
        is_lifted=first.lifted_at is not None,
        is_called_off=is_called_off,
    )


@dataclass(frozen=True, slots=True)
class Page:
    """A closure, with the bookings it met and what became of them."""

    closure: Together
    met: Sequence[ClosureMet]
    counts: Mapping[str, int]

    @property
    def more(self) -> int:
        """How many bookings are not listed."""
        return sum(self.counts.values()) - len(self.met)


def page_of(code: str, *, now: datetime) -> Page:
    """Return what the page of a closure shows.

    Raises:
        NotFound: there is none.
    """
    [found] = together(queries.closure_by_code(code), now=now)
    return Page(found, queries.met_by(code, limit=MOST_MET), queries.count_met(code))


# --- the preview ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """A booking in the preview, with what is chosen for it and whether it came meanwhile."""

    met: Met
    choice: Choice
    is_new: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page of a preview.

    Attributes:
        lines: the bookings on this page.
        counts: of all bookings, by choice.
        page, pages: which page this is, and how many there are.
        fields: what the form carries along, hidden.
    """

    preview: Preview
    lines: Sequence[Line]
    counts: Mapping[Choice, int]
    page: int
    pages: int
    fields: Fields

    @property
    def total(self) -> int:
        """How many bookings are met."""
        return len(self.preview.met)

    @property
    def without_target(self) -> int:
        """How many bookings fit nowhere else."""
        return sum(one.target is None and not one.is_running for one in self.preview.met)


def sheet_of(
    form: ClosingForm, preview: Preview, answer: Answer, *, page: int, seen_at: datetime
) -> Sheet:
    """Return a page of a preview.

    Args:
        seen_at: what was written since then is marked.
    """
    choices = preview.choices(answer)
    pages = max(-(-len(preview.met) // PER_PAGE), 1)
    page = min(max(page, 1), pages)
    shown = preview.met[(page - 1) * PER_PAGE : page * PER_PAGE]
    here = {one.booking.code for one in shown}
    return Sheet(
        preview=preview,
        lines=[
            Line(one, choices[one.booking.id], is_new=one.booking.updated_at > seen_at)
            for one in shown
        ],
        counts=Counter(choices.values()),
        page=page,
        pages=pages,
        fields=[
            *_carried(form, preview),
            ("all", answer.usual),
            ("seen", preview.digest),
            ("at", seen_at.isoformat()),
            *(
                (f"{OWN}{one.booking.code}", answer.choices[one.booking.code])
                for one in preview.met
                if one.booking.code in answer.choices and one.booking.code not in here
            ),
        ],
    )


def _carried(form: ClosingForm, preview: Preview) -> Fields:
    """Return what the form of the closure said, with its spaces one by one."""
    said = {
        "day": form.day.data.isoformat() if form.day.data else "",
        "from": f"{form.from_.data:%H:%M}" if form.from_.data else "",
        "ends": form.ends.data or "",
        "until": form.until.data.isoformat() if form.until.data else "",
        "to": f"{form.to.data:%H:%M}" if form.to.data else "",
        "reason_nl": form.reason_nl.data or "",
        "reason_en": form.reason_en.data or "",
        "extends": form.extends.data or "",
        "idem": form.idem.data or "",
    }
    return [
        *((name, value) for name, value in said.items() if value),
        *(("space", space.code) for space in preview.chosen),
    ]


def seen_at(said: str, *, now: datetime) -> datetime:
    """Return when the first preview was made, as a form carries it; else now."""
    try:
        found = datetime.fromisoformat(said)
    except ValueError:
        return now
    return found if found.tzinfo is not None and found <= now else now
