"""When a failed message is tried again, and when it is given up."""

from __future__ import annotations

from datetime import datetime, timedelta

# Longer than the slowest conversation with a mail server: eleven answers of ten seconds.
CLAIM_FOR = timedelta(minutes=2)
JOB_CLAIM_FOR = timedelta(minutes=15)
JOB_AGAIN_AFTER = timedelta(minutes=5)  # a job that failed, unless it is due sooner
FIRST_DELAY = timedelta(minutes=1)
LONGEST_DELAY = timedelta(hours=6)
PATIENCE = timedelta(hours=72)
KEEP_TEXTS_FOR = timedelta(days=30)
LONGEST_ERROR = 500


def delay_after(attempts: int) -> timedelta:
    """Return how long to wait after some failed attempts: a minute, doubled each time, to 6 h."""
    doublings = min(max(attempts - 1, 0), 16)
    return min(FIRST_DELAY * (1 << doublings), LONGEST_DELAY)


def is_hopeless(*, first_tried_at: datetime, now: datetime) -> bool:
    """Say whether a message has been tried for so long that nobody waits for it any more."""
    return now - first_tried_at >= PATIENCE
