"""Import 10,000 spaces into an empty campus, and once more: python -m benchmarks.imports."""

from __future__ import annotations

import time

import flask_migrate

from benchmarks.__main__ import KEY, database
from benchmarks.cpu import Meter
from campus import clock
from campus.app import create_app
from campus.db import db
from campus.roomlist import answers
from campus.roomlist.asking import asked_of
from campus.roomlist.models import Upload
from campus.settings import Settings

SPACES = 10_000
KINDS = ("bureau", "vergaderruimte", "zaal", "belcel")
MUST_SECONDS = 10


def listed(word: str) -> Upload:
    """Return a list of spaces in 20 buildings of 7 floors, as a Dutch Excel saves it."""
    rows = "\r\n".join(
        f"G{n % 20}.{n:05};{word} {n};{KINDS[n % 4]};Gebouw {n % 20};{n % 7};{n % 30 + 1};"
        f"{n % 90 + 10},5;01-03-2026"
        for n in range(SPACES)
    )
    header = "code;naam;soort;gebouw;verdieping;capaciteit;oppervlakte;beschikbaar vanaf"
    return Upload("list.csv", f"{header}\r\n{rows}\r\n".encode("cp1252"))


def main() -> None:
    """Measure on both databases; what somebody waits stands beside the CPU that it takes."""
    print(
        "| database | 10,000 spaces | CPU s | waited s | must |", "|---|---|---|---|---|", sep="\n"
    )
    for engine in ("sqlite", "postgresql"):
        with database(engine) as url:
            app = create_app(Settings(secret_key=KEY, database_url=url))
            with app.app_context():
                flask_migrate.upgrade()
                for case, upload in (
                    ("added", listed("Ruimte")),
                    ("unchanged", listed("Ruimte")),
                    ("renamed", listed("Zaal")),
                ):
                    meter = Meter()
                    begun, before = time.monotonic(), meter.spent()
                    answers.carry_out(asked_of(upload), actor=None, now=clock.now())
                    cpu, waited = meter.spent() - before, time.monotonic() - begun
                    print(f"| {engine} | {case} | {cpu:.1f} | {waited:.1f} | ≤ {MUST_SECONDS} |")
                db.session.remove()
                db.engine.dispose()


if __name__ == "__main__":
    main()
