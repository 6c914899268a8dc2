"""Who keeps the building; what each kind of space is called and may be booked for, in words."""

from __future__ import annotations

from datetime import timedelta

from campus.errors import Text, text, text_plural
from campus.members.models import Actor, Duty
from campus.spaces.models import Audience, BookingRule, Space, SpaceKind, Unit

MINUTE = timedelta(minutes=1)
QUARTER = 15
KEEPERS = frozenset({Duty.CAMPUS_MANAGER, Duty.SYSADMIN})

KINDS: dict[SpaceKind, Text] = {
    SpaceKind.DESK: text("desk"),
    SpaceKind.MEETING_ROOM: text("meeting room"),
    SpaceKind.PHONE_BOOTH: text("call booth"),
    SpaceKind.EVENT_SPACE: text("event space"),
    SpaceKind.OFFICE_UNIT: text("studio"),
    SpaceKind.INCUBATOR_SLOT: text("incubator place"),
    SpaceKind.PARKING: text("parking place"),
}

MANY: dict[SpaceKind, Text] = {
    SpaceKind.DESK: text("Desks"),
    SpaceKind.MEETING_ROOM: text("Meeting rooms"),
    SpaceKind.PHONE_BOOTH: text("Call booths"),
    SpaceKind.EVENT_SPACE: text("Event spaces"),
    SpaceKind.OFFICE_UNIT: text("Studios"),
    SpaceKind.INCUBATOR_SLOT: text("Incubator places"),
    SpaceKind.PARKING: text("Parking places"),
}


def why_not_keep(actor: Actor) -> Text | None:
    """Say why this actor may look at the building, its rules and hours, and not change them."""
    if actor.duties & KEEPERS:
        return None
    return text("You can look here. A campus manager or a system administrator changes it.")


def titled(space: Space) -> Text:
    """Return what a space is called on its own: "Dollard", "Desk 1.32", "Studio S6"."""
    if space.kind is SpaceKind.DESK:
        return text("Desk %(name)s", name=space.name)
    if space.kind is SpaceKind.PHONE_BOOTH:
        return text("Call booth %(name)s", name=space.name)
    if space.kind is SpaceKind.PARKING:
        return text("Parking place %(name)s", name=space.name)
    if space.by_application and space.name == space.code:
        return text("Studio %(name)s", name=space.name)
    return Text("%(name)s", {"name": space.name})  # a name is the same in every language


def named(space: Space) -> Text:
    """Return what people call a space in a sentence: "desk 1.32", "Hunze"."""
    return named_as(space.kind, space.name)


def named_as(kind: SpaceKind, name: str) -> Text:
    """Return what people call a space of this kind and name in a sentence."""
    if kind is SpaceKind.DESK:
        return text("desk %(name)s", name=name)
    if kind is SpaceKind.PHONE_BOOTH:
        return text("call booth %(name)s", name=name)
    if kind is SpaceKind.PARKING:
        return text("parking place %(name)s", name=name)
    return Text("%(name)s", {"name": name})  # a name is the same in every language


def rule_in_words(rule: BookingRule) -> list[Text]:
    """Return the sentences that tell what a kind may be booked for."""
    if rule.unit is Unit.MONTH:
        return [text("By the month, on application.")]
    sentences = [*_lengths(rule), _horizon(rule.horizon_days)]
    if rule.notice_minutes:
        notice = rule.notice_minutes * MINUTE
        sentences.append(text("At least %(length)s before it starts.", length=notice))
    if rule.one_per_person:
        sentences.append(text("One at a time for each person."))
    sentences.append(
        text("Cancel until it starts, free of charge; after that you give back what is left.")
    )
    return sentences


def space_in_words(space: Space) -> list[Text]:
    """Return the sentences that hold for one space beyond those of its kind."""
    sentences = []
    if space.audience is Audience.RESIDENTS:
        sentences.append(text("Only for organisations that live on campus."))
    if space.audience is Audience.STAFF:
        sentences.append(text("The front desk books this one; ask there."))
    before, after = space.buffer_before_minutes * MINUTE, space.buffer_after_minutes * MINUTE
    if before and after:
        sentences.append(
            text(
                "Kept free to set up and clear: %(before)s before, %(after)s after.",
                before=before,
                after=after,
            )
        )
    elif before:
        sentences.append(text("Kept free to set up: %(length)s before.", length=before))
    elif after:
        sentences.append(text("Kept free to clear: %(length)s after.", length=after))
    return sentences


def _lengths(rule: BookingRule) -> list[Text]:
    if rule.unit is Unit.DAY:
        return [
            text(
                "By the hour, half-day or day: mornings %(from)s–%(to)s,"
                " afternoons %(then)s–%(until)s.",
                **{
                    "from": rule.morning_starts,
                    "to": rule.morning_ends,
                    "then": rule.afternoon_starts,
                    "until": rule.afternoon_ends,
                },
            ),
            text_plural(
                "At most %(num)s day in one booking.",
                "At most %(num)s days in one booking.",
                num=rule.longest_days,
            ),
        ]
    return [_step(rule)]


def _step(rule: BookingRule) -> Text:
    """Return the sentence of a kind that is booked by minutes."""
    shortest = rule.shortest_minutes * MINUTE
    if rule.longest_minutes is None:
        return text(
            "In steps of %(step)s, from %(shortest)s up.",
            step=rule.grid_minutes * MINUTE,
            shortest=shortest,
        )
    longest = rule.longest_minutes * MINUTE
    if rule.grid_minutes == QUARTER:
        return text(
            "By the quarter of an hour, from %(shortest)s to %(longest)s.",
            shortest=shortest,
            longest=longest,
        )
    return text(
        "In steps of %(step)s, from %(shortest)s to %(longest)s.",
        step=rule.grid_minutes * MINUTE,
        shortest=shortest,
        longest=longest,
    )


def _horizon(days: int) -> Text:
    return text_plural("Up to %(num)s day ahead.", "Up to %(num)s days ahead.", num=days)
