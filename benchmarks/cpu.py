"""CPU time of this process and its database: wall clocks on shared machines lie."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text

from campus.db import db

NANO = 1e-9


@dataclass(frozen=True, slots=True)
class Figure:
    """The CPU milliseconds of one deed: median, least, most, over some rounds."""

    median: float
    least: float
    most: float

    def __str__(self) -> str:
        return f"{self.median:.2f} ({self.least:.2f}–{self.most:.2f})"


class Meter:
    """Counts this process, and on PostgreSQL the server process that answers it."""

    def __init__(self) -> None:
        self.backend: Path | None = None
        if db.engine.dialect.name == "postgresql":
            pid = db.session.scalar(text("SELECT pg_backend_pid()"))
            db.session.rollback()
            # Nanoseconds; `stat` counts hundredths of a second, which is a deed or ten.
            self.backend = Path(f"/proc/{pid}/schedstat")

    def spent(self) -> float:
        """Return seconds of CPU spent so far, here and in the database."""
        return time.process_time() + self._backend()

    def _backend(self) -> float:
        if self.backend is None:
            return 0.0
        return int(self.backend.read_text().split()[0]) * NANO


def interleaved(
    deeds: list[Callable[[], None]], *, rounds: int, each: int, meter: Meter
) -> list[Figure]:
    """Do every deed `each` times a round, in turn, and return the figure of each."""
    found: list[list[float]] = [[] for _ in deeds]
    for _ in range(rounds):
        for number, deed in enumerate(deeds):
            before = meter.spent()
            for _ in range(each):
                deed()
            found[number].append((meter.spent() - before) / each * 1000)
    return [Figure(statistics.median(one), min(one), max(one)) for one in found]
