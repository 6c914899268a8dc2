"""What gunicorn does around the processes that answer; it reads this file as its settings."""

from __future__ import annotations

import sys


def post_fork(_server: object, _worker: object) -> None:
    """Let a process import campus itself: after an upgrade, the one that lies on the disk.

    The master has imported what writes its log, and would hand that on for as long as it lives.
    """
    for name in [*sys.modules]:
        if name.partition(".")[0] == "campus":
            del sys.modules[name]
