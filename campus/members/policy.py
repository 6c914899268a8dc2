"""Who may do what as staff. Every answer is a reason, or None for yes."""

from __future__ import annotations

from campus.errors import Text, text
from campus.members.models import Actor


def why_not_staff(actor: Actor) -> Text | None:
    """Say why this actor may not see the pages of those who run the campus."""
    if actor.is_staff:
        return None
    return text("This page is for the people who run the campus.")
