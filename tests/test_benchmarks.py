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
