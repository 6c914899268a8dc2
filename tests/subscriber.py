"""Somebody who subscribes to a feed with vdirsyncer and looks at it with khal."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

BIN = Path(sys.executable).parent


class Subscriber:
    """Somebody with vdirsyncer and khal, in a home of their own."""

    def __init__(self, home: Path, address: str) -> None:
        self.home = home
        (home / "khal").mkdir()
        (home / "calendar").mkdir()
        (home / "vdirsyncer.conf").write_text(
            f"""[general]
status_path = "{home}/status"
[pair subscription]
a = "local"
b = "campus"
collections = null
conflict_resolution = "b wins"
[storage local]
type = "filesystem"
path = "{home}/calendar"
fileext = ".ics"
[storage campus]
type = "http"
url = "{address}"
"""
        )
        (home / "khal" / "config").write_text(
            f"""[calendars]
[[campus]]
path = {home}/calendar
[locale]
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
local_timezone = Europe/Amsterdam
default_timezone = Europe/Amsterdam
[sqlite]
path = {home}/khal.db
"""
        )

    def sync(self) -> None:
        """Fetch what is new."""
        settings = str(self.home / "vdirsyncer.conf")
        self._run("vdirsyncer", "-c", settings, "discover", "subscription", said="y\n")
        self._run("vdirsyncer", "-c", settings, "sync")

    def day(self, day: date) -> str:
        """Return what khal shows of a day."""
        settings = str(self.home / "khal" / "config")
        return self._run(
            "khal", "-c", settings, "list", "--format", "{start-time}-{end-time} {title}",
            day.isoformat(), "1d",
        )  # fmt: skip

    def _run(self, program: str, *arguments: str, said: str = "") -> str:
        done = subprocess.run(  # noqa: S603 - programs of the test extra
            [str(BIN / program), *arguments],
            input=said,
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
            env={"HOME": str(self.home), "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
        )
        return done.stdout
