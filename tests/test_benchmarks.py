"""The benchmarks run, in their smallest size; what they measure is never asserted."""

from __future__ import annotations

import subprocess
import sys

CASES = 10


def test_every_case_is_measured_beside_its_limit() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", "--sizes", "5000", "--rounds", "1",
         "--engines", "sqlite"],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    lines = [line for line in done.stdout.splitlines() if line.startswith("| sqlite")]
    assert len(lines) == CASES
    assert all(line.count("|") == 9 for line in lines)


def test_upkeep_is_measured() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.upkeep", "--bookings", "300", "--engines", "sqlite"],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )

    assert done.returncode == 0, done.stderr
    assert [
        line.split("|")[3].strip() for line in done.stdout.splitlines() if "| 300 |" in line
    ] == [
        "doctor",
        "backup",
        "restore --check",
    ]
    assert done.stdout.count(" 0 faults") == 13
