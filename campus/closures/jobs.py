"""The periodic work of closures."""

from __future__ import annotations

from datetime import datetime, timedelta

from campus.closures import service
from campus.db import unit_of_work
from campus.outbox.models import Periodic


def settle(now: datetime) -> None:
    """Close what a booking that was kept left open, and retire what is due."""
    with unit_of_work():
        service.settle(now=now)


JOBS = [Periodic(name="closures.settle", every=timedelta(minutes=1), run=settle)]
