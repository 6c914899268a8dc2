"""The periodic work of home: a look into all the data at night, or when staff ask for one."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from campus import clock
from campus.db import db, unit_of_work
from campus.home import faults, service
from campus.outbox.models import Periodic

log = logging.getLogger(__name__)


def examine(now: datetime) -> None:
    """Look into the data where that is due, outside any transaction that writes."""
    if not service.is_examination_due(now):
        return
    with unit_of_work():
        number = service.begin_examination(now=now)
    if number is None:
        return
    findings = faults.examine(now)
    db.session.rollback()
    with unit_of_work():
        service.end_examination(number, findings=findings, now=clock.now())
    if told := sum(len(one.faults) for one in findings):
        log.error("the doctor found %s faults; campus doctor lists them", told)


JOBS = [Periodic(name="home.examine", every=timedelta(seconds=30), run=examine)]
