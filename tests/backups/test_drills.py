"""A backup is taken while others write: nothing in it is torn, and it can be restored."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest
from flask import Flask

from campus.settings import Settings
from campus.spaces.models import SpaceKind
from tests.backups.conftest import back_up, check
from tests.bookings.test_drills import confirmed, start_writer, wait_for_more
from tests.factories import make_member, make_space

ROUNDS = 3
WRITERS = 3


@pytest.mark.drill
def test_backups_taken_while_others_write_are_whole(
    app: Flask, campus: Settings, tmp_path: Path
) -> None:
    for number in range(6):
        make_space(f"room-{number}", kind=SpaceKind.MEETING_ROOM)
    for _ in range(4):
        make_member()
    log = tmp_path / "confirmed"
    log.touch()
    writers = [start_writer(app.config["SQLALCHEMY_DATABASE_URI"], log) for _ in range(WRITERS)]
    made = []
    try:
        for number in range(ROUNDS):
            wait_for_more(log, len(confirmed(log)) + 20)
            before = len(confirmed(log))
            manifest = back_up(tmp_path / f"{number}.tar", campus)
            made.append((before, manifest.rows["booking"], len(confirmed(log))))
    finally:
        for writer in writers:
            writer.kill()
            writer.wait()

    for number, (before, copied, _after) in enumerate(made):
        proof = check(tmp_path / f"{number}.tar", app)
        assert proof.faults == 0, [one for one in proof.findings if one.faults]
        assert copied > before  # what was confirmed before is in it; one was there at the start


@pytest.mark.drill
def test_a_killed_backup_leaves_no_file_of_that_name(tmp_path: Path) -> None:
    environment = {
        "CAMPUS_DATA_DIR": str(tmp_path / "data"),
        "CAMPUS_DATABASE_URL": f"sqlite:///{tmp_path}/campus.sqlite3",
        "CAMPUS_SECRET_KEY": "only-for-tests-" + "k" * 40,
    }
    program = [sys.executable, "-c", "from campus.app import main; main()"]
    for command in (["migrate"], ["demo"]):
        subprocess.run(  # noqa: S603 - our own program
            [*program, *command], env=environment, check=True, capture_output=True
        )
    file = tmp_path / "campus.tar"
    backup = subprocess.Popen(  # noqa: S603 - our own program
        [*program, "backup", str(file)], env=environment
    )
    draft = file.with_name(f".{file.name}.part")
    until = time.monotonic() + 60
    while not draft.exists() and backup.poll() is None and time.monotonic() < until:
        time.sleep(0.001)
    backup.kill()
    backup.wait()

    assert not file.exists()
    again = subprocess.run(  # noqa: S603 - our own program
        [*program, "backup", str(file)], env=environment, check=False
    )
    assert again.returncode == 0
    assert not draft.exists()
