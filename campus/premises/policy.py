"""What may become of a space: a reason why not, or None."""

from __future__ import annotations

from datetime import date

from campus.bookings.policy import why_not_another_kind
from campus.errors import Text, text, text_plural
from campus.premises.models import SpaceFields
from campus.spaces.models import Space, SpaceState


def why_not_take_back(
    space: Space, fields: SpaceFields, *, is_closed: bool, today: date
) -> Text | None:
    """Say why a space that is out of use for good cannot be in use again like that.

    Args:
        is_closed: a closure has it out of use.
    """
    if is_closed:
        return text(
            "This place is out of use for good. Take it back into use on its closure's page."
        )
    if fields.available_until_on is not None and fields.available_until_on <= today:
        return text("Its last day has passed. Empty that, or choose a day to come.")
    gone = [part.name for part in space.parts if part.state is SpaceState.RETIRED]
    if gone:
        return text(
            "It is made of %(parts)s, out of use as well. Take that back into use first.",
            parts=", ".join(gone),
        )
    return None


def why_not_with_bookings(space: Space, fields: SpaceFields, *, num: int) -> Text | None:
    """Say why a space to which people are coming cannot become that."""
    if space.kind is not fields.kind:
        return why_not_another_kind(num)
    if space.state is not fields.state and fields.state is not SpaceState.ACTIVE:
        return text_plural(
            "%(num)s booking is to come here. Move it first; nobody can see a draft.",
            "%(num)s bookings are to come here. Move them first; nobody can see a draft.",
            num=num,
        )
    return None
