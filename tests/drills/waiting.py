"""Waiting for the thing itself, for so long and no longer; and how large a drill is."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable

PATIENCE = 120.0  # seconds; machines are slow at times
IS_FULL = os.environ.get("DRILL") == "full"


def until(happens: Callable[[], object], *, within: float = PATIENCE) -> float:
    """Wait until something is so; return after how many seconds."""
    begun, pause = time.monotonic(), threading.Event()
    while not happens():
        assert time.monotonic() < begun + within, f"not within {within} s"
        pause.wait(0.05)
    return time.monotonic() - begun


def size(small: int, full: int) -> int:
    """Return how much of something: `make check` drills in small, `make drills` in full."""
    return full if IS_FULL else small
