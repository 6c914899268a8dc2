"""`campus spaces import`: what it prints, how it ends, and that it leaves nothing half done."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from campus.db import db
from campus.spaces.models import Space
from tests.conftest import KEY
from tests.factories import make_house, make_space
from tests.roomlist.conftest import MAPS, ROOMS, SMALL


def run(app: Flask, *arguments: str | Path) -> Result:
    """Run `campus spaces import`."""
    said = app.test_cli_runner().invoke(args=["spaces", "import", *map(str, arguments)])
    db.session.rollback()
    return said


def spaces() -> int:
    return db.session.scalar(select(func.count()).select_from(Space)) or 0


@pytest.fixture
def small(tmp_path: Path) -> Path:
    file = tmp_path / "list.csv"
    file.write_text(SMALL, encoding="utf-8")
    return file


def test_people_read_what_was_done(app: Flask, small: Path) -> None:
    said = run(app, small)

    assert said.exit_code == 0
    assert said.output.splitlines() == [
        "Read as CSV in UTF-8, with ; between the cells.",
        "New buildings (1):",
        "  Noorderkwartier  Noorderkwartier",
        "New floors (1):",
        "  Noorderkwartier-1  Verdieping 1",
        "New spaces (2):",
        "  A1, Hunze, meeting room, Verdieping 1",
        "  A2, Reest, meeting room, Verdieping 1",
        "What holds from now on (2):",
        "  Meeting rooms: nobody had set how they are booked; usual rules hold.",
        "  Nobody had set opening hours: Monday to Friday, 08:00 to 18:00, hold.",
        "1 new building, 1 new floor, 2 new spaces.",
        "Imported.",
    ]
    assert spaces() == 2


def test_a_dry_run_changes_nothing(app: Flask, small: Path) -> None:
    said = run(app, small, "--dry-run")

    assert said.output.endswith("2 new spaces.\nDry run: nothing was imported.\n")
    assert spaces() == 0


def test_programs_read_json(app: Flask, small: Path) -> None:
    make_house()
    make_space("A1", name="Oud", capacity=6)
    make_space("A3")

    found = json.loads(run(app, small, "--json").output)

    assert found["imported"] is True
    assert found["added"] == [{"code": "A2", "name": "Reest", "kind": "meeting_room"}]
    assert found["changed"] == [
        {
            "code": "A1",
            "differences": [
                {"field": "name", "old": "Oud", "new": "Hunze"},
                {"field": "kind", "old": "desk", "new": "meeting room"},
            ],
        }
    ]
    assert (found["unchanged"], found["not_in_the_list"]) == (0, ["A3"])


def test_a_real_list_comes_in_through_its_map(app: Flask) -> None:
    said = run(app, ROOMS / "tud-apb-rooms.csv", "--map", MAPS / "tud.toml")

    assert said.exit_code == 0
    assert "  25 by except ref\n" in said.output
    assert "and 54 more; --json lists all" in said.output
    assert spaces() == 254


def test_every_mistake_is_a_line_and_the_end_is_refused(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text("code;kind\nA1;boat\nA 2;desk\n", encoding="utf-8")

    said = run(app, file)
    assert said.exit_code == 1
    assert "line 2, column kind: “boat” is no kind of space." in said.stderr
    assert "line 3, column code: “A 2” is no code" in said.stderr
    assert said.stderr.endswith("Error: 2 things are wrong, so nothing was imported.\n")
    assert spaces() == 0

    found = json.loads(run(app, file, "--json").stdout)
    assert [(one["line"], one["column"]) for one in found["mistakes"]] == [
        (2, "kind"),
        (3, "code"),
    ]
    assert found["imported"] is False


def test_a_missing_file_is_a_matter_of_use(app: Flask, small: Path, tmp_path: Path) -> None:
    assert run(app, tmp_path / "gone.csv").exit_code == 2
    assert run(app, small, "--map", tmp_path / "gone.toml").exit_code == 2
    assert run(app, tmp_path).exit_code == 2
    assert run(app).exit_code == 2


def test_a_map_that_is_no_text_is_a_sentence(app: Flask, small: Path, tmp_path: Path) -> None:
    odd = tmp_path / "odd.toml"
    odd.write_bytes(b"\xff\xfe\x00")

    said = run(app, small, "--map", odd)
    assert said.exit_code == 1
    assert "is no text in UTF-8" in said.output


def test_a_hundred_megabytes_are_refused_unread(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "big.csv"
    with file.open("wb") as opened:
        opened.truncate(100 * 1024 * 1024)  # a hole: nothing is written

    assert "The file has 100 MB, and at most 20 MB are read." in run(app, file).output


def test_a_long_list_tells_how_far_it_is(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "long.csv"
    file.write_text("code;kind\n" + "".join(f"A{n};desk\n" for n in range(5_500)), "utf-8")

    said = run(app, file, "--json")
    assert said.stderr.splitlines() == [
        "Read 5000 of 5501 lines.",
        "Comparing 5500 spaces with the campus …",
    ]
    assert len(json.loads(said.stdout)["added"]) == 5_500


def test_an_empty_database_is_named(tmp_path: Path, small: Path) -> None:
    with command(tmp_path, "spaces", "import", str(small)) as done:
        _out, errors = done.communicate(timeout=60)

    assert done.returncode == 1
    assert "Run campus migrate first." in errors


def test_ctrl_c_in_the_middle_leaves_nothing(tmp_path: Path) -> None:
    with command(tmp_path, "migrate") as done:
        done.communicate(timeout=60)
    file = tmp_path / "long.csv"
    file.write_text("code;kind\n" + "".join(f"A{n};desk\n" for n in range(49_000)), "utf-8")

    with command(tmp_path, "spaces", "import", str(file)) as stopped:
        assert stopped.stderr is not None
        while "Comparing" not in stopped.stderr.readline():
            assert stopped.poll() is None
        stopped.send_signal(signal.SIGINT)
        _out, errors = stopped.communicate(timeout=60)

    assert (stopped.returncode, errors) == (1, "Error: Stopped. Nothing was imported.\n")
    with command(tmp_path, "spaces", "import", str(file), "--dry-run", "--json") as looked:
        out, _errors = looked.communicate(timeout=120)
    assert len(json.loads(out)["added"]) == 49_000


# Whoever starts the tests in the background lets their children ignore SIGINT.
PROGRAM = (
    "import signal; signal.signal(signal.SIGINT, signal.default_int_handler);"
    "from campus.app import main; main()"
)


def command(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    """Start the command with a database of its own."""
    environ = {
        **os.environ,
        "CAMPUS_SECRET_KEY": KEY,
        "CAMPUS_DATA_DIR": str(folder),
        "CAMPUS_DATABASE_URL": f"sqlite:///{folder}/campus.sqlite3",
    }
    return subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-c", PROGRAM, *arguments],
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
