"""What the page about calendars shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote, urlencode

from campus.errors import Text, text
from campus.feeds.models import Feed, Reader, Scope

READERS: dict[Reader, Text] = {
    Reader.APPLE: text("Apple Calendar"),
    Reader.GOOGLE: text("Google Calendar"),
    Reader.OUTLOOK: text("Outlook"),
    Reader.THUNDERBIRD: text("Thunderbird"),
    Reader.ANDROID: text("an app on Android"),
    Reader.NEXTCLOUD: text("Nextcloud"),
    Reader.BROWSER: text("a browser"),
    Reader.OTHER: text("an unknown program"),
}
ICONS: dict[Scope, str] = {
    Scope.MINE: "user",
    Scope.ORGANISATION: "building-2",
    Scope.SPACE: "door-open",
    Scope.FLOOR: "map",
    Scope.KIND: "list",
}
ABOUT: dict[Scope, Text] = {
    Scope.MINE: text("Your own desks, rooms and call booths."),
    Scope.ORGANISATION: text("Everything that your organisation books, with what it is for."),
    Scope.SPACE: text("When it is taken. You will not see what others book it for."),
    Scope.FLOOR: text("All places of one floor: when they are taken."),
    Scope.KIND: text("All places of one kind: when they are taken."),
    Scope.CAMPUS: text("Every booking of everybody, and what is closed."),
    Scope.ARRIVALS: text("Who comes today, where and until when."),
    Scope.CHANGES: text("What is to come and was booked, changed or cancelled this week."),
}
SEEN: dict[Scope, Text] = {
    Scope.MINE: text("Whoever has this address sees your bookings."),
    Scope.ORGANISATION: text("Whoever has this address sees what your organisation books."),
}
SEEN_OTHERS = text("Whoever has this address sees what you see here.")


@dataclass(frozen=True, slots=True)
class Address:
    """A new address of a feed, shown this once, and the buttons that take it somewhere.

    Attributes:
        plain: to copy, for Outlook on the web among others.
        webcal: opens the calendar program of the computer or phone.
    """

    name: str
    plain: str

    @property
    def webcal(self) -> str:
        """The same address for calendar programs."""
        return f"webcal://{self.plain.partition('://')[2]}"

    @property
    def google(self) -> str:
        """Where Google Calendar subscribes."""
        return f"https://calendar.google.com/calendar/r?cid={quote(self.webcal, safe='')}"

    @property
    def outlook(self) -> str:
        """Where Outlook on the web subscribes."""
        asked = urlencode({"url": self.plain, "name": self.name}, quote_via=quote)
        return f"https://outlook.office.com/calendar/0/addfromweb?{asked}"


@dataclass(frozen=True, slots=True)
class FeedRow:
    """A feed that somebody has."""

    code: str
    name: str
    icon: str
    about: Text
    seen_by: Text
    since: datetime
    fetched_at: datetime | None
    fetched_by: Text | None


def rows(feeds: Sequence[Feed]) -> list[FeedRow]:
    """Return feeds as the page lists them."""
    return [
        FeedRow(
            code=feed.code,
            name=feed.name,
            icon=ICONS.get(feed.scope, "calendar"),
            about=ABOUT[feed.scope],
            seen_by=SEEN.get(feed.scope, SEEN_OTHERS),
            since=feed.renewed_at or feed.created_at,
            fetched_at=feed.fetched_at,
            fetched_by=READERS[feed.fetched_by] if feed.fetched_by else None,
        )
        for feed in feeds
    ]


@dataclass(frozen=True, slots=True)
class Offer:
    """Something to subscribe to with one click."""

    scope: Scope
    name: Text
    about: Text

    @property
    def icon(self) -> str:
        """The picture beside it."""
        return ICONS.get(self.scope, "calendar")


@dataclass(frozen=True, slots=True)
class Choices:
    """Some of many to subscribe to: groups with a name, or none, of codes and names."""

    scope: Scope
    name: Text
    about: Text
    groups: Sequence[tuple[Text | None, Sequence[tuple[str, Text]]]]

    @property
    def icon(self) -> str:
        """The picture beside it."""
        return ICONS.get(self.scope, "calendar")
