"""What a feed holds, for how long, and who reads it; pure."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from enum import StrEnum

BACK = timedelta(days=90)  # a feed begins so long ago, and holds all that is to come
MOST = 10_000  # events; what is longest ago goes first
CHANGES_BACK = timedelta(days=7)
SEEN_EVERY = timedelta(minutes=15)  # that a feed was fetched is written no more often
TOKEN_BYTES = 32


class Scope(StrEnum):
    """What a feed shows."""

    MINE = "mine"
    ORGANISATION = "organisation"
    SPACE = "space"
    FLOOR = "floor"
    KIND = "kind"
    CAMPUS = "campus"
    ARRIVALS = "arrivals"  # who comes today
    CHANGES = "changes"  # what is to come and was booked, changed or cancelled this week


class Reader(StrEnum):
    """The program that fetched a feed, as far as it says."""

    APPLE = "apple"
    GOOGLE = "google"
    OUTLOOK = "outlook"
    THUNDERBIRD = "thunderbird"
    ANDROID = "android"  # DAVx5, ICSx5
    NEXTCLOUD = "nextcloud"
    BROWSER = "browser"
    OTHER = "other"


# In this order: Thunderbird calls itself Mozilla as well, and Apple's phones call it iOS.
READERS: tuple[tuple[str, Reader], ...] = (
    ("google-calendar", Reader.GOOGLE),
    ("outlook", Reader.OUTLOOK),
    ("microsoft", Reader.OUTLOOK),
    ("exchange", Reader.OUTLOOK),
    ("thunderbird", Reader.THUNDERBIRD),
    ("icsx5", Reader.ANDROID),
    ("davx5", Reader.ANDROID),
    ("nextcloud", Reader.NEXTCLOUD),
    ("dataaccessd", Reader.APPLE),
    ("calendaragent", Reader.APPLE),
    ("caldav", Reader.APPLE),
    ("ios/", Reader.APPLE),
    ("macos/", Reader.APPLE),
    ("mozilla", Reader.BROWSER),
)


def reader_named(name: str) -> Reader:
    """Return the program that calls itself by this name."""
    said = name.lower()
    return next((reader for mark, reader in READERS if mark in said), Reader.OTHER)


def digest_of(token: str) -> str:
    """Return what is kept of a token: SHA-256, for 256 random bits need no salt and no delay."""
    return hashlib.sha256(token.encode()).hexdigest()


def first_day(today: date, scope: Scope) -> date:
    """Return the campus day on which a feed begins."""
    return today if scope in {Scope.ARRIVALS, Scope.CHANGES} else today - BACK
