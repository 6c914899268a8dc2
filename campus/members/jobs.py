"""The periodic work of members."""

from __future__ import annotations

from datetime import datetime, timedelta

from campus.db import unit_of_work
from campus.members import service
from campus.outbox.models import Periodic


def prune(now: datetime) -> None:
    """Delete sessions that are over and failures that are forgotten."""
    with unit_of_work():
        service.prune(now=now)


JOBS = [Periodic(name="members.prune", every=timedelta(hours=1), run=prune)]
