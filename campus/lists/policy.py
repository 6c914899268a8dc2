"""Who may take which list out of campus. Every answer is a reason, or None for yes."""

from __future__ import annotations

from enum import StrEnum

from campus.errors import Text, text
from campus.members.models import Actor
from campus.spaces.policy import KEEPERS


class List(StrEnum):
    """A list that can be had as a file."""

    PEOPLE = "people"
    BOOKINGS = "bookings"
    ORGANISATIONS = "organisations"
    SPACES = "spaces"
    JOURNAL = "journal"
    OUTBOX = "outbox"


NAMES: dict[List, Text] = {
    List.PEOPLE: text("people"),
    List.BOOKINGS: text("bookings"),
    List.ORGANISATIONS: text("organisations"),
    List.SPACES: text("places"),
    List.JOURNAL: text("journal"),
    List.OUTBOX: text("outbox"),
}
PERSONAL = {List.PEOPLE, List.JOURNAL, List.OUTBOX}  # addresses of people, and what they did


def why_not_export(actor: Actor, what: List) -> Text | None:
    """Say why this actor may not take a list along as a file."""
    if not actor.is_staff:
        return text("Lists are for the people who run the campus.")
    if what in PERSONAL and not actor.duties & KEEPERS:
        return text(
            "A file with people’s addresses or deeds leaves the campus’s care, so only a campus"
            " manager or a system administrator can take it along. You can read it all here."
        )
    return None


def why_not_cancel_many(actor: Actor) -> Text | None:
    """Say why this actor may not cancel bookings of others together."""
    if actor.is_staff:
        return None
    return text("Only people who work for the campus may cancel bookings of others together.")
