"""From an upload to what it comes to: the same way for the command and the page."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from campus.db import unit_of_work
from campus.errors import Conflict, Text, text
from campus.members.models import Actor
from campus.roomlist import queries, service
from campus.roomlist.models import Asked, Plan
from campus.roomlist.plan import plan_of
from campus.spaces import service as spaces
from campus.web import mails
from campus.web.templating import translate

GROUND_FLOOR = text("Ground floor")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an import did, or would do.

    Attributes:
        notices: usual rules and hours that hold because nobody had set any.
    """

    asked: Asked
    plan: Plan
    notices: list[Text]

    @property
    def digest(self) -> str:
        """What tells one outcome from another: the same digest does the same to the campus."""
        done = (self.plan.added, self.plan.changed, self.plan.buildings, self.plan.floors)
        return hashlib.sha256(repr(done).encode("utf-8", "surrogatepass")).hexdigest()


class _RehearsedError(Exception):
    """Ends a rehearsal, and with it everything that it wrote."""


def rehearse(asked: Asked, *, actor: Actor | None, now: datetime) -> Outcome:
    """Return what an import would do: it is done, seen to work, and undone.

    Raises:
        CampusError: it would be refused.
    """
    outcomes: list[Outcome] = []
    with suppress(_RehearsedError), unit_of_work():
        outcomes.append(_imported(asked, actor=actor, now=now))
        raise _RehearsedError
    return outcomes[0]


def carry_out(asked: Asked, *, actor: Actor | None, now: datetime, shown: str = "") -> Outcome:
    """Import, all or nothing.

    Args:
        shown: the digest of what somebody saw and agreed to.

    Raises:
        Conflict: it would do something else by now.
        CampusError: it is refused.
    """
    with unit_of_work():
        outcome = _imported(asked, actor=actor, now=now)
        if shown and outcome.digest != shown and not outcome.plan.changes_nothing:
            raise Conflict(
                text("The campus has changed since you looked. Nothing was imported; look again."),
                code="stale",
            )
    return outcome


def _imported(asked: Asked, *, actor: Actor | None, now: datetime) -> Outcome:
    settings = mails.settings()
    spaces.hold()
    plan = plan_of(
        asked,
        campus=queries.campus(),
        booked=partial(queries.booked, now=now),
        campus_name=settings.name,
        name_floor=_name_floor,
    )
    site = spaces.site_of(settings.name, address=settings.address)
    return Outcome(asked, plan, service.import_spaces(plan, site=site, actor=actor, now=now))


def _name_floor(level: int) -> str:
    """Return what a floor is called that nobody named, in the campus's first language."""
    with mails.written_in(mails.settings().languages[0]):
        return translate(text("Floor %(level)s", level=level) if level else GROUND_FLOOR)
