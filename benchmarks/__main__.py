"""Run the benchmarks: python -m benchmarks [--sizes 10000,100000] [--only feed]."""

from __future__ import annotations

import argparse
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import flask_migrate
import psycopg
from flask import Flask
from sqlalchemy import text

from benchmarks.cases import cases
from benchmarks.cpu import Meter, interleaved
from benchmarks.data import build
from campus import clock
from campus.app import create_app, settle
from campus.db import db, unit_of_work
from campus.settings import Settings

NEXT_ID = "SELECT setval(pg_get_serial_sequence('booking', 'id'), (SELECT max(id) FROM booking))"
STEADY = 5  # deeds for each that a case names: a server does more beside its answers
KEY = "only-for-benchmarks-" + "k" * 40
HEAD = "| database | bookings | case | CPU ms | must | limit, in the same run | CPU ms | ratio |"


@contextmanager
def database(engine: str) -> Iterator[str]:
    """Yield the URL of an empty database that is gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        if engine == "sqlite":
            yield f"sqlite:///{folder}/campus.sqlite3"
            return
        from tests.conftest import started_server

        server, name = started_server(), f"bench_{uuid.uuid4().hex[:8]}"
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        before, _, query = server.partition("?")
        yield f"{before.rsplit('/', 1)[0]}/{name}?{query}"
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def measure(app: Flask, *, engine: str, bookings: int, rounds: int, only: str) -> None:
    """Build the data and print a line for every case whose name begins with `only`."""
    flask_migrate.upgrade()
    now = clock.now()
    build(bookings=bookings, now=now)
    if engine == "postgresql":
        with unit_of_work():
            db.session.execute(text(NEXT_ID))
    measured = cases(app, now=now)
    if engine == "postgresql":  # as its autovacuum would have by then
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")
    settle()  # as a server does
    for case in measured:
        if not case.name.startswith(only):
            continue
        for deed in (case.deed, case.limit):
            deed()
        figure, limit = interleaved(
            [case.deed, case.limit], rounds=rounds, each=case.each * STEADY, meter=Meter()
        )
        ratio = figure.median / limit.median if limit.median else float("inf")
        print(
            f"| {engine} | {bookings:,} | {case.name} | {figure} | ≤ {case.must_ms:g} "
            f"| {case.limit_name} | {limit} | {ratio:.1f} |",
            flush=True,
        )


def main() -> None:
    """Measure every size on every engine."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("--sizes", default="10000,100000")
    parser.add_argument("--engines", default="sqlite,postgresql")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--only", default="", help="cases whose name begins so")
    chosen = parser.parse_args()
    print(HEAD, "|---|---|---|---|---|---|---|---|", sep="\n")
    for engine in chosen.engines.split(","):
        for size in (int(one) for one in chosen.sizes.split(",")):
            with database(engine) as url:
                app = create_app(Settings(secret_key=KEY, database_url=url))
                with app.app_context():
                    measure(
                        app,
                        engine=engine,
                        bookings=size,
                        rounds=chosen.rounds,
                        only=chosen.only,
                    )
                    db.session.remove()
                    db.engine.dispose()


if __name__ == "__main__":
    main()
