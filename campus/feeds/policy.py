"""Who may have which feed. Every answer is a reason, or None for yes."""

from __future__ import annotations

from campus.errors import Text, text
from campus.feeds.models import Feed, Scope
from campus.members.models import Actor


def why_not_create(actor: Actor, scope: Scope) -> Text | None:
    """Say why this actor may not have a feed of this scope."""
    if scope in Feed.STAFF_ONLY and not actor.is_staff:
        return text("Only people who work for the campus can subscribe to this.")
    if actor.organisation_id is None:
        return text("Only members of an organisation can subscribe. Ask yours to add you.")
    return None


def why_not_read(owner: Actor, feed: Feed) -> Text | None:
    """Say why a feed may not be read any more with its owner as they are now."""
    if feed.revoked_at is not None:
        return text("This address was withdrawn.")
    return why_not_create(owner, feed.scope)


def reads_all(actor: Actor, scope: Scope) -> bool:
    """Whether everything in a feed of this scope may be read, or only what is one's own."""
    return actor.is_staff or scope in {Scope.MINE, Scope.ORGANISATION}
