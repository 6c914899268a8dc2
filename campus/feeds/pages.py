"""The page about calendars: what one has, and what one can subscribe to."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from campus.errors import CampusError, Text, text
from campus.feeds import policy, queries, schemas
from campus.feeds.forms import FeedForm
from campus.feeds.models import Scope
from campus.feeds.schemas import Choices, FeedRow, Offer
from campus.members.models import Actor
from campus.spaces import policy as words
from campus.spaces import queries as spaces
from campus.spaces.models import SpaceKind
from campus.web.forms import new_key
from campus.web.templating import translate

# By the month and on application: nobody looks when a studio is taken.
KINDS = tuple(
    kind for kind in words.MANY if kind not in {SpaceKind.OFFICE_UNIT, SpaceKind.INCUBATOR_SLOT}
)
OFFERED = (Scope.MINE, Scope.ORGANISATION, Scope.ARRIVALS, Scope.CHANGES, Scope.CAMPUS)
NAMES = {
    Scope.MINE: text("My bookings"),
    Scope.CAMPUS: text("The whole campus"),
    Scope.ARRIVALS: text("Arrivals today"),
    Scope.CHANGES: text("Changes this week"),
}


@dataclass(frozen=True, slots=True)
class FeedsPage:
    """Everything on the page.

    Attributes:
        offers: what is subscribed to with one click.
        choices: what is one of many: a space, a floor, a kind.
    """

    feeds: Sequence[FeedRow]
    offers: Sequence[Offer]
    choices: Sequence[Choices]
    key: str


def page_of(actor: Actor) -> FeedsPage:
    """Return the page for this reader."""
    return FeedsPage(
        feeds=schemas.rows(queries.feeds_of(actor.person_id)),
        offers=[
            Offer(scope, default_name(scope, "", actor=actor), schemas.ABOUT[scope])
            for scope in OFFERED
            if policy.why_not_create(actor, scope) is None
        ],
        choices=_choices() if actor.organisation_id is not None else [],
        key=new_key(),
    )


def _choices() -> list[Choices]:
    found = spaces.spaces_by_kind(KINDS)
    by_kind = {kind: [one for one in found if one.kind is kind] for kind in KINDS}
    rooms = [
        (words.MANY[kind], [(one.code, words.titled(one)) for one in some])
        for kind, some in by_kind.items()
        if some
    ]
    floors = [(floor.code, Text("%(name)s", {"name": floor.name})) for floor in spaces.floors()]
    kinds = [(kind.value, words.MANY[kind]) for kind, some in by_kind.items() if some]
    return [
        Choices(Scope.SPACE, text("One place"), schemas.ABOUT[Scope.SPACE], rooms),
        Choices(Scope.FLOOR, text("One floor"), schemas.ABOUT[Scope.FLOOR], [(None, floors)]),
        Choices(Scope.KIND, text("One kind"), schemas.ABOUT[Scope.KIND], [(None, kinds)]),
    ]


def default_name(scope: Scope, key: str, *, actor: Actor) -> Text:
    """Return what a feed is called when nobody named it."""
    if scope is Scope.ORGANISATION:
        return Text("%(name)s", {"name": actor.organisation_name})
    if scope is Scope.KIND and key in set(SpaceKind):
        return words.MANY[SpaceKind(key)]
    if scope in {Scope.SPACE, Scope.FLOOR, Scope.KIND}:
        return _named(scope, key)
    return NAMES[scope]


def free_name(scope: Scope, key: str, *, actor: Actor) -> str:
    """Return that name, with a number where this reader has a calendar called so already."""
    name = translate(default_name(scope, key, actor=actor))
    taken = {feed.name for feed in queries.feeds_of(actor.person_id)}
    numbered = (f"{name} {number}" for number in itertools.count(2))
    return next(one for one in itertools.chain([name], numbered) if one not in taken)


def _named(scope: Scope, key: str) -> Text:
    """Return the name of a space or a floor; its code when there is none, which is refused."""
    if scope is Scope.SPACE:
        try:
            return words.titled(spaces.space_by_code(key))
        except CampusError:
            return Text("%(name)s", {"name": key})
    floor = spaces.floor_by_code(key)
    return Text("%(name)s", {"name": floor.name if floor else key})


def mistake_in(form: FeedForm) -> Text:
    """Return what is wrong with a form, in one sentence."""
    errors = [error for field in form for error in field.errors]
    return (
        Text("%(error)s", {"error": errors[0]}) if errors else text("Choose what to subscribe to.")
    )
