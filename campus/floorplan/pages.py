"""What a drawing does, in sentences and as data, for the command and for staff's page."""

from __future__ import annotations

from campus.errors import Text, text, text_plural
from campus.floorplan import verdict
from campus.floorplan.models import Change, Proposal


def sentences(proposal: Proposal) -> list[Text]:
    """Return what a drawing does to a floor, the most important first; lists are told apart."""
    said = [
        text_plural(
            "%(num)s space has its shape in the drawing.",
            "%(num)s spaces have their shape in the drawing.",
            num=len(proposal.live),
        )
    ]
    created, moved = proposal.count(Change.CREATED), proposal.count(Change.MOVED)
    comes = sum(one.comes for one in proposal.live)
    if created:
        said.append(
            text_plural("%(num)s of them is new.", "%(num)s of them are new.", num=created)
        )
    if comes:
        said.append(
            text_plural(
                "%(num)s of them was on no floor and comes to this one.",
                "%(num)s of them were on no floor and come to this one.",
                num=comes,
            )
        )
    if moved:
        said.append(
            text_plural(
                "%(num)s of them has another shape or place than before.",
                "%(num)s of them have another shape or place than before.",
                num=moved,
            )
        )
    if proposal.replaces:
        said.append(text("The plan that the floor has now goes away."))
    return said + verdict.left_out_in_words(proposal)


def as_data(proposal: Proposal, *, floor: str, stored: bool) -> dict[str, object]:
    """Return the same for programs."""
    return {
        "floor": floor,
        "stored": stored,
        "spaces": [{"code": one.code, "change": one.change.value} for one in proposal.live],
        "shapes_without_space": list(proposal.unknown),
        "shapes_refused": [
            {"shape": key, "reason": str(reason)} for key, reason in proposal.refused
        ],
        "spaces_without_shape": [one.code for one in proposal.shapeless],
        "spaces_that_lose_their_shape": [one.code for one in proposal.lost],
        "notices": [str(one) for one in verdict.left_out_in_words(proposal)],
    }
