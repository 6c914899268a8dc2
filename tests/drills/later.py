"""The `campus` command some hours later: python -m tests.drills.later HOURS worker --once."""

from __future__ import annotations

import sys
from datetime import timedelta

import time_machine

from campus import clock
from campus.app import main

if __name__ == "__main__":
    later = timedelta(hours=float(sys.argv.pop(1)))
    with time_machine.travel(clock.now() + later, tick=True):
        main()
