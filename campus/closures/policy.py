"""Who may close a space, and which: a reason, or None."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from campus.errors import Text, text
from campus.members.models import Actor
from campus.spaces.models import Space, SpaceState
from campus.spaces.policy import why_not_keep


def why_not_close(actor: Actor, *, for_good: bool) -> Text | None:
    """Say why this actor may not close spaces or open them again.

    Args:
        for_good: they are retired, or taken back into use: who keeps the building does that.
    """
    if not actor.is_staff:
        return text("Only staff close places.")
    if for_good and why_not_keep(actor) is not None:
        return text(
            "Only a campus manager or a system administrator takes a place out of use for good,"
            " or back into use."
        )
    return None


def why_not_retire(space: Space, *, wholes: Sequence[Space], also: Collection[int]) -> Text | None:
    """Say why a space cannot go out of use for good.

    Args:
        wholes: the combined rooms that it is part of.
        also: the ids of all that are retired with it.
    """
    left = [whole for whole in wholes if whole.state is SpaceState.ACTIVE and whole.id not in also]
    if left:
        names = ", ".join(whole.name for whole in left)
        return text(
            "%(space)s is part of %(wholes)s. Retire that as well, or first.",
            space=space.name,
            wholes=names,
        )
    if space.state is SpaceState.RETIRED:
        return text("%(space)s is no longer in use.", space=space.name)
    return None
