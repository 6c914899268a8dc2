"""Who may read and resend mail as staff. Every answer is a reason, or None for yes."""

from __future__ import annotations

from campus.errors import Text, text
from campus.members.models import Actor, Duty
from campus.outbox.models import Message

PERSONAL = "person:"  # letters about an account hold a link that lets somebody in


def why_not_read(actor: Actor, message: Message) -> Text | None:
    """Say why this actor may not read what a message says."""
    if message.about.startswith(PERSONAL) and Duty.SYSADMIN not in actor.duties:
        return text(
            "This letter holds somebody's personal link. Only a system administrator can read it."
        )
    return None


def why_not_retry(message: Message) -> Text | None:
    """Say why a message cannot be sent again."""
    if message.dead_at is None:
        return text("Only a message that was given up can be sent again.")
    if not message.recipient:
        return text("This message is so old that its text is gone.")
    return None
