"""What a feed says: which version it is, and its text."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from flask_babel import gettext

from campus import clock
from campus.bookings.calendar import RENDER_VERSION, where
from campus.bookings.calendar import render as render
from campus.bookings.models import Booking, BookingState
from campus.clock import Period
from campus.feeds import policy, queries, rules
from campus.feeds.models import Feed, Scope
from campus.feeds.queries import OUTDATED, Coming
from campus.members.models import Actor
from campus.spaces import policy as words
from campus.spaces.models import Closure
from campus.web import ical, ical_feed, mails
from campus.web.ical import Occasion
from campus.web.templating import translate

DAY = timedelta(days=1)
OPEN_END = timedelta(days=366)  # how far a closure without an end is shown
COLORS = {Scope.MINE: "gold", Scope.ORGANISATION: "steelblue"}
COLOR = "seagreen"
OF_SPACES = {Scope.SPACE, Scope.FLOOR, Scope.KIND, Scope.CAMPUS}


@dataclass(frozen=True)
class Edition:
    """A feed as its owner may read it on a day."""

    feed: Feed
    owner: Actor
    today: date

    @cached_property
    def first(self) -> datetime:
        """The instant at which it begins."""
        return clock.midnight(rules.first_day(self.today, self.feed.scope))

    @property
    def reads_all(self) -> bool:
        """Whether its owner may read it all."""
        return policy.reads_all(self.owner, self.feed.scope)

    def version(self) -> tuple[str, datetime]:
        """Return its ETag, without quotes, and when it changed last: by time or by somebody."""
        count, changed_at = queries.state_of(self.feed)
        head = zlib.crc32(_name(self.feed).encode())
        view = "all" if self.reads_all else f"own{self.feed.organisation_id}"
        begun = clock.midnight(self.today)
        tag = f"{count}-{RENDER_VERSION}-{view}-{self.today:%Y%m%d}-{head:08x}"
        return tag, max(begun, changed_at or begun, self.feed.created_at).replace(microsecond=0)

    def body(self, events: list[str]) -> bytes:
        """Return its text, of its events, none of which may be outdated."""
        return ical_feed.body(
            events,
            name=_name(self.feed),
            color=COLORS.get(self.feed.scope, COLOR),
            is_busy=self.feed.scope is Scope.MINE,
        )

    def outdated(self) -> Sequence[Booking]:
        """Return bookings of it whose texts have to be written anew, locked; none at last."""
        is_today, is_news = (self.feed.scope is one for one in (Scope.ARRIVALS, Scope.CHANGES))
        return queries.outdated(
            self.feed,
            first=self.first,
            last=clock.midnight(self.today + DAY) if is_today else None,
            since=clock.midnight(self.today - rules.CHANGES_BACK) if is_news else None,
        )

    def events(self) -> list[str]:
        """Return the texts of its events; OUTDATED for what has to be written anew first."""
        scope, midnight = self.feed.scope, clock.midnight(self.today)
        if scope is Scope.ARRIVALS:
            today = Period(midnight, clock.midnight(self.today + DAY))
            return [_arrival(one) for one in queries.arrivals(self.feed, today=today)]
        if scope is Scope.CHANGES:
            since = clock.midnight(self.today - rules.CHANGES_BACK)
            found = queries.changed(self.feed, first=midnight, since=since)
            with mails.written_in(mails.language_for(self.feed.language)):
                return [_change(one) for one in found]
        texts = queries.events(self.feed, first=self.first, reads_all=self.reads_all)
        return [*texts, *self._closures()] if scope in OF_SPACES else texts

    def _closures(self) -> list[str]:
        found = queries.closures(self.feed, first=self.first)
        language = mails.settings().languages[0]
        ends = clock.midnight(self.today) + OPEN_END
        with mails.written_in(language):
            return [_closure(one, ends=ends, language=language) for one in found]


def _name(feed: Feed) -> str:
    return f"{mails.settings().name}: {feed.name}"


def _arrival(coming: Coming) -> str:
    """Return a booking under the name of who comes."""
    if coming.text == OUTDATED:
        return OUTDATED
    who = f"{', '.join(filter(None, (coming.person, coming.organisation)))}: {coming.space}"
    return ical.rewritten(coming.text, {"SUMMARY": who})


def _change(coming: Coming) -> str:
    """Return a booking with what happened to it in front."""
    if coming.text == OUTDATED:
        return OUTDATED
    named = {"space": coming.space, "organisation": coming.organisation}
    if coming.state is BookingState.CANCELLED:
        said = gettext("Cancelled: %(space)s, %(organisation)s", **named)
    elif coming.revision == 1:
        said = gettext("New: %(space)s, %(organisation)s", **named)
    else:
        said = gettext("Changed: %(space)s, %(organisation)s", **named)
    return ical.rewritten(coming.text, {"SUMMARY": said})


def _closure(closure: Closure, *, ends: datetime, language: str) -> str:
    """Return a closure as a VEVENT; one without an end is shown for a year."""
    starts_at = closure.starts_at
    shown = Occasion(
        uid=f"{closure.code}-{closure.space_id}@{mails.settings().host}",
        sequence=closure.revision - 1,
        stamp=closure.changed_at or closure.created_at,
        changed_at=closure.changed_at or closure.created_at,
        period=Period(starts_at, closure.ends_at or max(ends, starts_at + DAY)),
        summary=gettext("Closed: %(space)s", space=translate(words.titled(closure.space))),
        location=where(closure.space, language=language),
        description=mails.in_words(closure.reason_nl, closure.reason_en, language=language),
    )
    return ical.event(shown)
