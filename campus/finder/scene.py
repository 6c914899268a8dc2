"""A day and a time as it stands, how things are called, and the address of every state."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from urllib.parse import quote, urlencode

from flask import url_for

from campus import clock
from campus.clock import Period
from campus.errors import Spoken, Text, text, text_plural
from campus.finder.forms import Search, Sort
from campus.finder.queries import House, Storey, Wish
from campus.finder.rules import OUT_OF_USE, TAKEN, Claim, Look, Lot, Slot, State
from campus.finder.schemas import Mark
from campus.spaces import policy
from campus.spaces.models import SpaceKind
from campus.web.templating import in_words

SILENT = {"window"}  # wishes that the words of a place say already
SCREENS = "screens"
YOURS = text("your booking")
Said = str | Sequence[str]
ORDER = (
    "for", "day", "from", "to", "kind", "has", "people", "view", "floor", "zone", "all", "space",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Address:
    """An address that says what it says already, and what is changed."""

    said: Mapping[str, Said] = field(default_factory=dict)
    path: str = field(default_factory=lambda: url_for("finder.book"))

    def to(self, changes: Mapping[str, Said]) -> str:
        """Return the address with some things said otherwise; an empty value is left out."""
        said = {**self.said, **changes}
        kept = [(name, said[name]) for name in ORDER if said.get(name)]
        return f"{self.path}?{urlencode(kept, doseq=True, safe=':')}" if kept else self.path

    def only(self, *names: str) -> Address:
        """Return the address that says only some of it."""
        said = {name: value for name, value in self.said.items() if name in names}
        return Address(said, self.path)


def address_of(search: Search, *, kind: str, has: Sequence[str]) -> Address:
    """Return the address of a search as it was said; a proposal is not said for anybody."""
    return Address(
        {
            "day": search.day.isoformat() if search.day else "",
            "from": f"{search.starts:%H:%M}" if search.starts else "",
            "to": f"{search.ends:%H:%M}" if search.ends else "",
            "kind": kind,
            "has": has,
            "people": str(search.people or ""),
            "view": "plan" if search.is_plan else "",
            "floor": search.floor,
            "zone": search.zone,
            "all": "1" if search.is_all else "",
            "space": search.space,
            "for": search.guest,
        }
    )


def time_of(period: Period, *, day: date) -> dict[str, str]:
    """Return a period of a day as an address and a form say it."""
    return {"day": day.isoformat(), "from": hour(period.starts_at), "to": hour(period.end)}


def hour(at: datetime) -> str:
    """Return an instant as an address says it."""
    return f"{clock.local(at):%H:%M}"


def choosing(address: str, code: str) -> str:
    """Return the address in which a space is chosen; `address` says none."""
    return f"{address}&space={quote(code)}"


@dataclass(frozen=True, slots=True)
class Scene:
    """A day and a time, and how every space stands then.

    Attributes:
        order: the spaces looked for that fit the wishes, best first.
        kinds: those looked for of which there are any, the plainest first.
        slots: the same time by the hours and terms of each kind.
        closed: why the other kinds cannot be booked that day.
        looks: how those of the kinds looked for stand.
        claims: of the day, by space, a combined room's being those of its parts.
        owned: the reader's own claims that meet the time, by space.
        mine: the reader's own booking that stands in the way of another at that time.
        is_answered: the dock holds an answer; nothing is proposed beside it.
        refused: what could not be had: in view as it stands, and nobody's choice.
        chosen, part: what lies in the dock, and for when.
        told: words and addresses that were made already: few are different.
    """

    search: Search
    sort: Sort
    kinds: Sequence[SpaceKind]
    slot: Slot
    slots: Mapping[str, Slot]
    closed: Mapping[str, Text]
    house: House
    storeys: Sequence[Storey]
    wishes: Sequence[Wish]
    order: Sequence[Lot]
    looks: Mapping[int, Look]
    claims: Mapping[int, Sequence[Claim]]
    address: Address
    now: datetime
    owned: Mapping[int, Claim] = field(default_factory=dict)
    mine: tuple[Lot, Claim] | None = None
    is_answered: bool = False
    refused: Lot | None = None
    chosen: Lot | None = None
    part: Period | None = None
    told: dict[object, str] = field(default_factory=dict, compare=False)

    @property
    def here(self) -> Lot | None:
        """The place that is marked as one's own: the chosen one, else the one booked."""
        return self.chosen or (self.mine[0] if self.mine else None)

    @property
    def seen(self) -> Lot | None:
        """The place to bring into view: one's own, else the one that was refused."""
        return self.here or self.refused

    def opened(self, lot: Lot) -> Period | None:
        """Return when a space can be booked on the day; None where it cannot."""
        return self.slots[lot.kind].hours if lot.kind in self.slots else None

    def free_in(self, lots: Iterable[Lot]) -> int:
        """Return how many of some spaces are free all the time asked for."""
        return sum(self.looks[lot.id].state is State.FREE for lot in lots)

    def where(self, lot: Lot) -> str:
        """Return where a space is in its building, with the building where there are several."""
        place = self.say(lot.place)
        storey = next((one for one in self.storeys if one.id == lot.floor_id), None)
        if storey is None or storey.label == storey.name:
            return place
        if place.startswith(storey.name):
            return storey.label + place.removeprefix(storey.name)
        return f"{storey.label}, {place}" if place else storey.label

    def words(self, lot: Lot) -> Text:
        """Return how a space stands, in words."""
        return YOURS if self._had(lot) is not None else self.looks[lot.id].words

    def choose(self, lot: Lot) -> str:
        """Return the address in which a space is chosen, for what is free of the time.

        Of the reader's own it is that of the booking; of a taken one there is none.
        """
        had = self._had(lot)
        if had is not None:
            return url_for("bookings.show", code=had.code)
        part = self.looks[lot.id].part
        if part is None:
            return ""
        if part not in self.told:
            said = {**time_of(part, day=self.slot.day), "space": ""}
            self.told[part] = self.address.to(said)
        return choosing(self.told[part], lot.code)

    def _had(self, lot: Lot) -> Claim | None:
        """Return the reader's own claim on a space of which nothing more can be had."""
        if self.mine is not None and self.mine[0] is lot:
            return self.mine[1]
        return self.owned.get(lot.id) if self.looks[lot.id].part is None else None

    def say(self, words: Text | Spoken) -> str:
        """Return words in the reader's language."""
        key = words if isinstance(words, Spoken) else (words.msgid, *words.values.values())
        if key not in self.told:
            self.told[key] = str(in_words(words))
        return self.told[key]


def by_code(lots: Iterable[Lot], code: str) -> Lot | None:
    """Return the space with this code, in any case of letters."""
    return next((lot for lot in lots if lot.code.lower() == code.lower()), None) if code else None


# --- names ------------------------------------------------------------------------------------


def named(lot: Lot) -> Text:
    """Return what people call a space in a sentence."""
    return policy.named_as(SpaceKind(lot.kind), lot.name)


def tag_of(scene: Scene) -> Text | None:
    """Return what the tag at the place in view says; none where the shape says enough."""
    if scene.refused is None:
        return text("your place?") if scene.chosen else text("your place")
    look = scene.looks[scene.refused.id]
    return TAKEN if look.state is State.BUSY and look.words != OUT_OF_USE else None


def people(count: int | None) -> Text | None:
    """Return how many people fit; None where nobody said."""
    return text_plural("%(num)s person", "%(num)s people", num=count) if count else None


def marks_of(scene: Scene, lot: Lot) -> tuple[Mark, ...]:
    """Return the features of a space as the list shows them."""
    found = []
    for wish in scene.wishes:
        count = wish.has.get(lot.id)
        if count is None or wish.code in SILENT:
            continue
        if wish.code == SCREENS:
            found.append(Mark(wish.icon, str(count), scene.say(screens(count))))
        else:
            found.append(Mark(wish.icon, scene.say(wish.name).lower()))
    return tuple(found)


def screens(count: int) -> Text:
    """Return how many screens stand on a desk."""
    return text_plural("%(num)s screen", "%(num)s screens", num=count)
