"""What looking after a campus costs: python -m benchmarks.upkeep [--bookings 1000000].

Measures `campus doctor`, `campus backup` and `campus restore FILE --check`, in seconds by the wall
and of CPU. Compression and fsync make the wall depend on the disk and on who else works there.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import flask_migrate
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from benchmarks.__main__ import KEY, NEXT_ID, database
from benchmarks.data import build
from campus import clock
from campus.app import create_app
from campus.backups import cli, service
from campus.backups.service import Drill
from campus.bookings import calendar
from campus.bookings.models import Booking
from campus.db import db, unit_of_work
from campus.feeds import faults as feeds
from campus.home import faults
from campus.settings import Settings
from campus.spaces.models import Floor, Space

LIMITS = {"doctor": 60, "backup": 20}
BATCH = 2_000


def prepare(*, bookings: int, engine: str) -> None:
    """Fill an empty, migrated database whose texts say what a campus writes itself."""
    now = clock.now()
    build(bookings=bookings, now=now)
    chosen = list(db.session.scalars(select(Booking.id).where(feeds.texts_of(now).chosen)))
    for first in range(0, len(chosen), BATCH):
        with unit_of_work():
            for booking in _whole(chosen[first : first + BATCH]):
                calendar.render(booking)
        db.session.expunge_all()
    if engine == "postgresql":
        with db.engine.connect() as connection:
            connection.exec_driver_sql("SET statement_timeout = 0")
            connection.exec_driver_sql(NEXT_ID)
            connection.exec_driver_sql("VACUUM ANALYZE")


def _whole(ids: list[int]) -> list[Booking]:
    query = select(Booking).options(
        joinedload(Booking.space).joinedload(Space.floor).joinedload(Floor.building),
        joinedload(Booking.person),
        joinedload(Booking.organisation),
    )
    return list(db.session.scalars(query.where(Booking.id.in_(ids))))


def measure(app: Flask, *, engine: str, bookings: int, folder: Path) -> None:
    """Print a line for each command."""
    settings: Settings = app.extensions["campus.settings"]
    now, file = clock.now(), folder / "campus.tar"
    drill = Drill(settings, app.extensions[cli.WIRING], now)

    def doctor() -> None:
        for one in faults.examine(now):
            print(f"  {one.seconds:6.1f} s  {one.checked}  {len(one.faults)} faults", flush=True)

    def backup() -> None:
        service.back_up(file, settings=settings, force=True, now=now)

    deeds: dict[str, Callable[[], object]] = {
        "doctor": doctor,
        "backup": backup,
        "restore --check": lambda: service.check(file, drill=drill),
    }
    for name, deed in deeds.items():
        wall, cpu = time.monotonic(), _cpu()
        deed()
        wall, cpu = time.monotonic() - wall, _cpu() - cpu
        limit = f"≤ {LIMITS[name]}" if name in LIMITS else "–"
        print(
            f"| {engine} | {bookings:,} | {name} | {wall:.1f} | {limit} | {cpu:.1f} |", flush=True
        )


def _cpu() -> float:
    """Return the CPU seconds of this process and of the programs that it started."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def main() -> None:
    """Measure both engines."""
    parser = argparse.ArgumentParser(prog="benchmarks.upkeep", description=__doc__)
    parser.add_argument("--bookings", type=int, default=1_000_000)
    parser.add_argument("--engines", default="sqlite,postgresql")
    parser.add_argument("--programs", default="", help="folder of pg_dump and pg_restore")
    chosen = parser.parse_args()
    print("| database | bookings | command | seconds | must | CPU |\n|---|---|---|---|---|---|")
    for engine in chosen.engines.split(","):
        with database(engine) as url, tempfile.TemporaryDirectory() as folder:
            app = create_app(
                Settings(
                    secret_key=KEY,
                    database_url=url,
                    data_dir=Path(folder, "data"),
                    pg_bin=chosen.programs,
                )
            )
            with app.app_context():
                flask_migrate.upgrade()
                prepare(bookings=chosen.bookings, engine=engine)
                measure(app, engine=engine, bookings=chosen.bookings, folder=Path(folder))
                db.session.remove()
                db.engine.dispose()


if __name__ == "__main__":
    main()
