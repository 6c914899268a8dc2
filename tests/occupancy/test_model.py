"""The ledger against a brute-force list: claims, moves, cuts, open ends, two parts."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    MultipleResults,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import delete, update

from campus.clock import Period
from campus.db import db, unit_of_work
from campus.errors import Conflict
from campus.occupancy import service
from campus.occupancy.models import Occupancy
from campus.occupancy.queries import taken_between
from campus.occupancy.rules import Owner, OwnerKind
from campus.spaces.models import Closure, Space
from tests.factories import NOW, at, make_house, make_space

HOUR = timedelta(hours=1)
SPACES = 3
ALWAYS = Period(at(0) - 400 * HOUR, at(0) + 400 * HOUR)

periods = st.builds(
    lambda start, length: Period(
        at(0) + start * HOUR, None if length is None else at(0) + (start + length) * HOUR
    ),
    st.integers(-30, 60),
    st.one_of(st.integers(1, 8), st.integers(1, 60), st.none()),
)
choices = st.sets(st.integers(0, SPACES - 1), min_size=1, max_size=2)


@dataclass(slots=True, eq=False)
class Held:
    """One owner and what the model thinks it holds."""

    owner: Owner
    claims: list[tuple[int, Period]] = field(default_factory=list)


class Ledger(RuleBasedStateMachine):
    """Does to the database and to a list the same, and compares."""

    owners: Bundle[Held] = Bundle("owners")
    cancelled: Bundle[Held] = Bundle("cancelled")

    @initialize()
    def start(self) -> None:
        """Empty the ledger, keep the spaces."""
        with unit_of_work():
            db.session.execute(delete(Occupancy))
            db.session.execute(delete(Closure))
        self.spaces = list(db.session.query(Space).order_by(Space.id))
        self.held: list[Held] = []

    def is_free(self, wanted: list[tuple[int, Period]], *, but: Held | None = None) -> bool:
        """Ask the list, by comparing everything with everything."""
        others = [claim for held in self.held if held is not but for claim in held.claims]
        alone = all(
            one[0] != two[0] or not one[1].overlaps(two[1])
            for n, one in enumerate(wanted)
            for two in wanted[:n]
        )
        return alone and not any(
            one[0] == two[0] and one[1].overlaps(two[1]) for one in wanted for two in others
        )

    def write(self, held: Held, wanted: list[tuple[int, Period]], *, moving: bool) -> bool:
        """Ask the database, and return what it said."""
        verb = service.move if moving else service.claim
        spaces = [self.spaces[number] for number in sorted({one[0] for one in wanted})]
        try:
            with unit_of_work():
                verb(owner=held.owner, spaces=spaces, periods=[wanted[0][1]])
        except Conflict:
            return False
        return True

    @rule(target=owners, chosen=choices, period=periods)
    def claim(self, chosen: set[int], period: Period) -> MultipleResults[Held] | Held:
        """Claim one or two spaces."""
        with unit_of_work():
            closure = Closure(space_id=self.spaces[0].id, starts_at=NOW, created_at=NOW)
            db.session.add(closure)
            db.session.flush()
            held = Held(Owner(OwnerKind.CLOSURE, closure.id))
        wanted = [(number, period) for number in sorted(chosen)]
        expected = self.is_free(wanted)
        assert self.write(held, wanted, moving=False) is expected
        if not expected:
            return multiple()
        held.claims = wanted
        self.held.append(held)
        return held

    @rule(held=owners, chosen=choices, period=periods)
    def move(self, held: Held, chosen: set[int], period: Period) -> None:
        """Hold something else instead, or keep what was held."""
        if held not in self.held:
            return
        wanted = [(number, period) for number in sorted(chosen)]
        expected = self.is_free(wanted, but=held)
        assert self.write(held, wanted, moving=True) is expected
        if expected:
            held.claims = wanted

    @rule(held=owners, period=periods)
    def move_by_plain_update(self, held: Held, period: Period) -> None:
        """Change rows behind the service's back: the database refuses that as well."""
        if held not in self.held or len(held.claims) != 1:
            return
        wanted = [(held.claims[0][0], period)]
        expected = self.is_free(wanted, but=held)
        try:
            with unit_of_work():
                db.session.execute(
                    update(Occupancy)
                    .where(Occupancy.closure_id == held.owner.id)
                    .values(starts_at=period.starts_at, ends_at=period.ends_at, is_long=True)
                )
            done = True
        except Conflict:
            done = False
        assert done is expected
        if expected:
            held.claims = wanted

    @rule(target=cancelled, held=consumes(owners))
    def cancel(self, held: Held) -> MultipleResults[Held] | Held:
        """Give everything up."""
        if held not in self.held:
            return multiple()
        with unit_of_work():
            service.release(owner=held.owner)
        self.held.remove(held)
        return held

    @rule(target=owners, held=consumes(cancelled))
    def restore(self, held: Held) -> MultipleResults[Held] | Held:
        """Take a cancelled claim back, if it is still free and anything was left of it."""
        if not held.claims:
            return multiple()
        expected = self.is_free(held.claims)
        assert self.write(held, held.claims, moving=False) is expected
        if not expected:
            return multiple()
        self.held.append(held)
        return held

    @rule(held=owners, hours=st.integers(-30, 60))
    def cut(self, held: Held, hours: int) -> None:
        """Give the rest up from a moment on."""
        if held not in self.held:
            return
        moment = at(0) + hours * HOUR
        with unit_of_work():
            service.release_from(owner=held.owner, at=moment)
        held.claims = [
            (number, _until(period, moment))
            for number, period in held.claims
            if period.starts_at < moment
        ]

    @invariant()
    def the_ledger_is_the_list(self) -> None:
        """Compare every row."""
        if not hasattr(self, "held"):
            return
        ids = {space.id: number for number, space in enumerate(self.spaces)}
        found = sorted(
            (ids[one.space_id], one.period.starts_at, str(one.period.ends_at))
            for one in taken_between(ALWAYS)
        )
        expected = sorted(
            (number, period.starts_at, str(period.ends_at))
            for held in self.held
            for number, period in held.claims
        )
        assert found == expected
        db.session.rollback()


def _until(period: Period, moment: object) -> Period:
    ends_at = period.ends_at
    assert isinstance(moment, type(period.starts_at))
    return Period(period.starts_at, moment if ends_at is None else min(ends_at, moment))


def run(examples: int, steps: int) -> None:
    """Run the model on the database at hand."""
    make_house()
    for _ in range(SPACES):
        make_space()
    run_state_machine_as_test(
        Ledger,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.usefixtures("database")
def test_the_ledger_agrees_with_a_list() -> None:
    run(examples=20, steps=25)


@pytest.mark.drill
@pytest.mark.usefixtures("database")
def test_the_ledger_agrees_with_a_list_for_long() -> None:
    run(examples=300, steps=30)
