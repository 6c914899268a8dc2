"""A release replaced under load, by a link and a reload: no request fails, all is new."""

from __future__ import annotations

import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.drills.conftest import counted
from tests.drills.counting import assert_all_is_there_once, people_with_rooms
from tests.drills.crowd import booking
from tests.drills.waiting import size, until
from tests.trouble.serving import Campus

ROOT = Path(__file__).resolve().parents[2]
PARTS = ("campus", "templates", "static", "migrations", "pyproject.toml")
CLIENTS = 3

pytestmark = pytest.mark.drill


class Releases:
    """Two releases in folders, and a link to the one that counts; see docs/deploy.md."""

    def __init__(self, folder: Path) -> None:
        self.current = folder / "current"
        for name in ("before", "after"):
            for part in PARTS:
                copy(ROOT / part, folder / name / part)
        after = folder / "after" / "campus"
        change(after / "home" / "views.py", '"ok\\n"', "f'{PROOF}\\n'")
        change(
            after / "home" / "views.py",
            "import clock\n",
            "import clock\nfrom campus.web.logs import PROOF\n",
        )
        change(after / "web" / "logs.py", 'HIDDEN = "***"', 'HIDDEN = "***"\nPROOF = "after"')
        self.switch("before")

    def switch(self, name: str) -> None:
        """Let the link lead to a release, in one step."""
        draft = self.current.with_name("next")
        draft.symlink_to(name)
        draft.rename(self.current)


def copy(source: Path, target: Path) -> None:
    """Copy a file or a folder, without what Python compiled."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copy(source, target)


def change(file: Path, before: str, after: str) -> None:
    """Change a file of a release."""
    text = file.read_text()
    assert text.count(before) == 1
    file.write_text(text.replace(before, after))


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    """An application that counts at the end."""
    with counted(f"sqlite:///{tmp_path}/campus.sqlite3") as app:
        yield app


def test_no_request_fails_and_all_of_it_is_new(app: Flask, tmp_path: Path) -> None:
    releases = Releases(tmp_path / "releases")
    people = people_with_rooms(CLIENTS)
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    campus = Campus(url, tmp_path, PYTHONPATH=str(releases.current))
    campus.start(workers=2)
    before = campus.ask("GET", "/healthz").page
    try:
        with booking(campus, people) as crowd:
            crowd.wait_for(size(20, 300))
            releases.switch("after")
            campus.tell(signal.SIGHUP)
            until(lambda: campus.ask("GET", "/healthz").page == "after\n")
            crowd.wait_for(size(20, 300))
    finally:
        campus.stop()

    assert before == "ok\n"
    assert crowd.unheard == {}
    assert_all_is_there_once(crowd.confirmed, app)
