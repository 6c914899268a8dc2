"""How every strip of the land stands: what lies on it, and what is said of it at its edge."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from campus import clock
from campus.clock import Period
from campus.errors import Spoken, Text, text, text_plural
from campus.landscape import rules
from campus.landscape.queries import ROOMS, STUDIOS, Lot
from campus.landscape.rules import Claim, Parcel, Road, Tone
from campus.occupancy.rules import gaps
from campus.spaces.models import SpaceKind
from campus.spaces.policy import MANY

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Plot:
    """A space and what is taken of it."""

    lot: Lot
    claims: Sequence[Claim]


@dataclass(frozen=True, slots=True)
class Strip:
    """A strip of the land.

    Attributes:
        taken: which share of its hours is taken; None for what is not booked by the hour.
    """

    name: Spoken | Text
    state: Text
    parcels: Sequence[Parcel]
    taken: float | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """The spaces of a day, on the stretch of road that is drawn."""

    road: Road
    desks: Sequence[Plot]
    rooms: Sequence[Plot]
    studios: Sequence[Plot]

    def free(self, plots: Sequence[Plot], *, later: Period | None = None) -> int:
        """Return how many spaces are free at this moment; on a day to come, all day or `later`."""
        part = self.road.open_part
        asked = Period(part.starts_at, part.starts_at + MINUTE) if self.road.is_open else later
        return sum(
            not any(one.period.overlaps(asked or part) for one in plot.claims) for plot in plots
        )


def field_of(road: Road, lots: Sequence[Lot], claims: Mapping[int, Sequence[Claim]]) -> Field:
    """Return the spaces that are drawn, each with its claims."""
    plots = [Plot(lot, _claims_of(lot, claims, during=road.open_part)) for lot in lots]
    return Field(
        road,
        desks=[plot for plot in plots if plot.lot.kind is SpaceKind.DESK],
        rooms=[plot for plot in plots if plot.lot.kind in ROOMS],
        studios=[plot for plot in plots if plot.lot.kind in STUDIOS],
    )


def left_of(field: Field) -> list[Strip]:
    """Return a strip for each zone of desks, then one for each studio; shared where many."""
    small = _small_zones(field.desks)
    zones = rules.gathered(
        field.desks,
        by=[lambda plot: (plot.lot.floor_id, _zone_of(plot, small)), _floor, _building],
    )
    left = max(rules.MOST_STRIPS - len(zones), 1)
    studios = rules.gathered(field.studios, by=[id, _floor, _building], most=left)
    strips = [_zone(field, group, small) for group in zones]
    strips += [_studio(field, group) for group in studios]
    return strips[: rules.MOST_STRIPS]


def right_of(field: Field) -> list[Strip]:
    """Return a strip for each room, by floor; shared where many."""
    groups = rules.gathered(field.rooms, by=[id, _floor, _building])
    return [_room(field, group) for group in groups]


def _claims_of(lot: Lot, claims: Mapping[int, Sequence[Claim]], *, during: Period) -> list[Claim]:
    """Return what is taken of a space; a booking of a whole room claims its parts, once each."""
    found = [
        claim
        for part in lot.parts
        for claim in claims.get(part, ())
        if claim.period.overlaps(during)
    ]
    return list(dict.fromkeys(found)) if len(lot.parts) > 1 else found


def _small_zones(desks: Iterable[Plot]) -> set[int | None]:
    """Return the zones that have too few desks to be shown by themselves."""
    sizes: dict[int | None, int] = {}
    for plot in desks:
        sizes[plot.lot.zone_id] = sizes.get(plot.lot.zone_id, 0) + 1
    return {zone for zone, size in sizes.items() if size < rules.FEWEST_DESKS}


def _zone_of(plot: Plot, small: set[int | None]) -> int | None:
    return None if plot.lot.zone_id in small else plot.lot.zone_id


def _floor(plot: Plot) -> tuple[str, int | None]:
    return plot.lot.building, plot.lot.floor_id


def _building(plot: Plot) -> str:
    return plot.lot.building


# --- a strip ----------------------------------------------------------------------------------


def _zone(field: Field, desks: Sequence[Plot], small: set[int | None]) -> Strip:
    part, taken = field.road.open_part, [plot.claims for plot in desks]
    zones = {_zone_of(plot, small) for plot in desks}
    name = desks[0].lot.zone if len(zones) == 1 and None not in zones else None
    return Strip(
        name if name and str(name) else _shared_name(desks),
        _free_words(rules.band(field.free(desks))),
        rules.zone_parcels(part, taken),
        rules.share_of_time(part, taken),
    )


def _studio(field: Field, studios: Sequence[Plot]) -> Strip:
    let = sum(plot.lot.is_let for plot in studios)
    tone = Tone.STUDIO if let * 2 >= len(studios) else Tone.SOIL
    state = text("let") if let == len(studios) else text("free")
    return Strip(_shared_name(studios), state, [Parcel(field.road.open_part, tone)])


def _room(field: Field, rooms: Sequence[Plot]) -> Strip:
    part, taken = field.road.open_part, [plot.claims for plot in rooms]
    share = rules.share_of_time(part, taken)
    if len(rooms) > 1:
        free = field.free(rooms)
        state = text("%(count)s free", count=str(free)) if free else text("full")
        return Strip(_shared_name(rooms), state, rules.shared_parcels(part, taken), share)
    words = _room_now if field.road.is_open else _room_later
    name = _shared_name(rooms)
    return Strip(name, words(part, taken[0]), rules.room_parcels(part, taken[0]), share)


# --- words ------------------------------------------------------------------------------------


def _shared_name(plots: Sequence[Plot]) -> Spoken | Text:
    """Return what a group of spaces is called: by its one room, its floor, its building."""
    lots = [plot.lot for plot in plots]
    alone = len(lots) == 1 and lots[0].kind is not SpaceKind.DESK
    if alone:
        return Spoken(lots[0].name, lots[0].name)
    for names in ({lot.floor for lot in lots}, {lot.building for lot in lots}):
        if len(names) == 1 and "" not in names:
            (name,) = names
            return Spoken(name, name)
    return MANY[lots[0].kind]


def _room_now(part: Period, claims: Sequence[Claim]) -> Text:
    """Return "free until 11:30" or "taken until 11:30": how a room is, and how long."""
    free = gaps(part, [one.period for one in claims])
    if not free:
        return text("closed") if claims[0].is_closure else text("taken")
    first = free[0]
    if first.starts_at > part.starts_at:
        return text("taken until %(at)s", at=_clock(first.starts_at))
    if first.end == part.end:
        return text("free")
    return text("free until %(at)s", at=_clock(first.end))


def _room_later(part: Period, claims: Sequence[Claim]) -> Text:
    """Return how much is booked in a room on a day to come."""
    if any(one.is_closure and one.period.contains(part) for one in claims):
        return text("closed")
    count = sum(not one.is_closure for one in claims)
    if not count:
        return text("empty")
    return text_plural("%(num)s booking", "%(num)s bookings", num=count)


def _clock(at: datetime) -> time:
    return clock.local(at).time().replace(second=0, microsecond=0)


def _free_words(count: int) -> Text:
    return text("%(count)s free", count=f"{count}+") if count else text("full")
