"""What an import of many bookings costs: python -m benchmarks.schedule [--rows 100000].

The command runs as people run it, in a process of its own; a second run finds nothing to do.
"""

from __future__ import annotations

import argparse
import csv
import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from benchmarks.__main__ import KEY, database
from campus import clock

ROOMS = 200
HOURS = range(8, 18)
RUN = "from campus.app import main; main()"
HEAD = "| database | rows | run | CPU s | seconds | must | peak MiB | must | said |"
MUST_SECONDS, MUST_MIB = 120, 300


def write_schedule(file: Path, *, rows: int) -> None:
    """Write a schedule of `rows` hours to come in 200 rooms, day after day."""
    day = clock.today(clock.now()) + timedelta(days=1)
    slots = (
        (day + timedelta(days=n), hour, room)
        for n in range(rows)
        for hour in HOURS
        for room in range(ROOMS)
    )
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow(["id", "room", "start", "end", "title"])
        for number, (on, hour, room) in zip(range(rows), slots, strict=False):
            times = (f"{on} {hour:02}:00", f"{on} {hour + 1:02}:00")
            writer.writerow([number, f"R.{room:03}", *times, f"Overleg nummer {number}"])


def cpu() -> float:
    """Return the seconds of CPU that the processes before have used; the database's not."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def run(environ: dict[str, str], *arguments: str) -> tuple[float, float, str]:
    """Run `campus` and return the seconds it took, of CPU and in all, and what it said first."""
    began, used = time.monotonic(), cpu()
    done = subprocess.run(  # noqa: S603 - this program, with arguments of its own
        [sys.executable, "-c", RUN, *arguments],
        env=environ,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return cpu() - used, time.monotonic() - began, done.stdout.partition("\n")[0]


def measure(engine: str, *, rows: int) -> None:
    """Import a schedule twice and print a line for each run."""
    with database(engine) as url, tempfile.TemporaryDirectory() as folder:
        environ = {
            **os.environ,  # noqa: TID251 - what the processes of this benchmark are given
            "CAMPUS_DATABASE_URL": url,
            "CAMPUS_DATA_DIR": folder,
            "CAMPUS_SECRET_KEY": KEY,
        }
        file = Path(folder) / "schedule.csv"
        write_schedule(file, rows=rows)
        run(environ, "migrate")
        run(
            environ,
            "people",
            "create-staff",
            "a@b.example",
            "--name",
            "A",
            "--role",
            "campus_manager",
        )
        run(environ, "organisations", "add", "Bench")
        chosen = ("--by", "a@b.example", "--organisation", "bench")
        for name in ("first", "second"):
            used, seconds, said = run(
                environ,
                *("bookings", "import", str(file), *chosen, "--create-spaces", "meeting_room"),
            )
            peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
            print(
                f"| {engine} | {rows:,} | {name} | {used:.1f} | {seconds:.1f} | ≤ {MUST_SECONDS} "
                f"| {peak:.0f} | ≤ {MUST_MIB} | {said} |",
                flush=True,
            )


def main() -> None:
    """Measure every engine."""
    parser = argparse.ArgumentParser(prog="benchmarks.schedule", description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--engines", default="sqlite,postgresql")
    chosen = parser.parse_args()
    print(HEAD, "|---|---|---|---|---|---|---|---|---|", sep="\n")
    for engine in chosen.engines.split(","):
        measure(engine, rows=chosen.rows)


if __name__ == "__main__":
    main()
