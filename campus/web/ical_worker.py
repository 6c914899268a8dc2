"""Calendars of others are expanded in a process of its own, which may not take for ever.

What expands recurrence rules cannot be interrupted in a thread, so the kernel does it.
"""

from __future__ import annotations

import contextlib
import json
import math
import resource
import signal
import subprocess
import sys
import time
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from campus.web.ical_expand import Expanded, Occurrence, expand
from campus.web.ical_limits import UnreadableError, content_of

CPU_SECONDS = 5
MEMORY_BYTES = 512 * 1024 * 1024
PATIENCE_SECONDS = 60  # by the wall clock, on a machine that is busy with other things
ROOT = Path(__file__).resolve().parent.parent.parent
START = (
    "import sys; sys.path.insert(0, sys.argv[1]);"
    " from campus.web.ical_worker import main; main(*sys.argv[2:])"
)
TOO_LONG = (
    f"The calendar takes more than {CPU_SECONDS} seconds of computing to read, so it was left"
    " alone: one of its rules may never come to an end. Export fewer events at a time."
)
TOO_LARGE = "The calendar takes more than 512 MB of memory to read, so it was left alone."


def read_calendar(data: bytes, *, zone: str, first: datetime, until: datetime) -> Expanded:
    """Return what happens in a calendar from `first` to before `until`.

    Raises:
        UnreadableError: it is no calendar, not whole, or past a limit.
    """
    window = (zone, first.isoformat(), until.isoformat())
    try:
        done = subprocess.run(  # noqa: S603 - this program, with arguments of its own
            [sys.executable, "-P", "-c", START, str(ROOT), *window],
            input=data,
            capture_output=True,
            check=False,
            timeout=PATIENCE_SECONDS,
        )
    except subprocess.TimeoutExpired as error:
        raise UnreadableError(TOO_LONG) from error
    if done.returncode in {-signal.SIGXCPU, -signal.SIGKILL}:
        raise UnreadableError(TOO_LONG)
    if done.returncode != 0:
        raise UnreadableError(_last_words(done.stderr))
    return _understood(json.loads(done.stdout))


def _last_words(said: bytes) -> str:
    last = said.decode("utf-8", "replace").strip().rpartition("\n")[2]
    return TOO_LARGE if "MemoryError" in last else f"The calendar cannot be read ({last[:200]})."


def _understood(answer: dict[str, list[object]]) -> Expanded:
    if refusal := answer.get("refused"):
        raise UnreadableError(str(refusal))
    found = [Occurrence(**one) for one in answer["occurrences"]]  # type: ignore[arg-type]
    return Expanded(found, [str(one) for one in answer["warnings"]])


def main(zone: str, first: str, until: str) -> None:
    """Read a calendar from standard input and answer in JSON, within the limits."""
    used = math.ceil(time.process_time())
    resource.setrlimit(resource.RLIMIT_CPU, (used + CPU_SECONDS, used + CPU_SECONDS + 1))
    with contextlib.suppress(ValueError, OSError):  # macOS knows no such limit
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    window = (datetime.fromisoformat(first), datetime.fromisoformat(until))
    try:
        content = content_of(sys.stdin.buffer.read())
        expanded = expand(content, zone=zone, first=window[0], until=window[1])
        answer: dict[str, object] = asdict(expanded)
    except UnreadableError as error:
        answer = {"refused": str(error)}
    sys.stdout.write(json.dumps(answer))
