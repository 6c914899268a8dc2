"""campus floors: what it prints, what it refuses, and that a dry run changes nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from campus.db import db
from campus.journal.models import Entry
from campus.spaces.models import Building, Floor, Site, Space, SpaceKind
from tests.factories import make_house, make_space

pytestmark = pytest.mark.usefixtures("database")

HOBBYSHOP = Path(__file__).resolve().parent.parent / "data/plans/mit-hobbyshop-dupont.svg"
SQUARES = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 50"><script>x()</script>'
    '<rect id="A" width="20" height="20"/><path id="B" d="M40 0h60l-20 50z"/></svg>'
)


@pytest.fixture
def squares(tmp_path: Path) -> str:
    """A drawing with two shapes."""
    file = tmp_path / "squares.svg"
    file.write_text(SQUARES, encoding="utf-8")
    return str(file)


def invoke(app: Flask, *arguments: str) -> Result:
    result: Result = app.test_cli_runner().invoke(args=["floors", *arguments])
    db.session.rollback()
    return result


def test_a_drawing_is_hung_and_every_name_is_told(app: Flask, squares: str) -> None:
    make_house()
    make_space("A", kind=SpaceKind.MEETING_ROOM)
    make_space("C", kind=SpaceKind.MEETING_ROOM)

    done = invoke(app, "import", squares, "--floor", "1")

    assert done.output.splitlines() == [
        "1 space has its shape in the drawing.",
        "The plan that the floor has now goes away.",
        "1 script was removed.",
        "Shapes without a space (1): B.",
        "Spaces without a shape (1): C.",
        "Floor 1 (Wierde) has its plan.",
    ]
    assert db.session.query(Space).filter_by(code="A").one().plan_width


def test_a_dry_run_says_the_same_and_changes_nothing(app: Flask, squares: str) -> None:
    make_house()

    tried = invoke(app, "import", squares, "--floor", "1", "--create-spaces", "desk", "--dry-run")

    assert "2 of them are new." in tried.output
    assert "Nothing was changed: this was a dry run." in tried.output
    assert db.session.query(Space).count() == 0
    assert db.session.query(Entry).filter_by(verb="floor.draw").count() == 0
    assert db.session.query(Floor).one().drawing_above == ""


def test_programs_read_json(app: Flask, squares: str) -> None:
    make_house()

    done = invoke(app, "import", squares, "--floor", "1", "--create-spaces", "desk", "--json")

    assert json.loads(done.output) == {
        "floor": "1",
        "stored": True,
        "spaces": [{"code": "A", "change": "created"}, {"code": "B", "change": "created"}],
        "shapes_without_space": [],
        "shapes_refused": [],
        "spaces_without_shape": [],
        "spaces_that_lose_their_shape": [],
        "notices": ["1 script was removed."],
    }


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--floor", "9"], "There is no floor called 9. There are: 1."),
        (["--floor", "1", "--code", "x"], "“x” makes no codes."),
        (["--floor", "1", "--group", "Rooms"], "The drawing has no group called “Rooms”."),
        (["--floor", "1"], "Floor 1 has no spaces yet, and the drawing has A, B."),
    ],
)
def test_a_refusal_is_a_sentence_and_no_trace(
    app: Flask, squares: str, arguments: list[str], said: str
) -> None:
    make_house()

    done = invoke(app, "import", squares, *arguments)

    assert done.exit_code == 1
    assert said in done.output
    assert "Traceback" not in done.output


def test_a_drawing_in_which_nothing_is_a_space_is_refused(app: Flask) -> None:
    make_house()

    done = invoke(app, "import", str(HOBBYSHOP), "--floor", "1", "--create-spaces", "desk")

    assert done.exit_code == 1
    assert "Nothing in the drawing is a space" in done.output


def test_a_floor_is_added_with_its_building(app: Flask) -> None:
    first = invoke(app, "add", "cch-0", "--building", "cch", "--building-name", "CCH", "--level",
                   "0", "--name", "Ground")  # fmt: skip
    second = invoke(app, "add", "cch-1", "--building", "cch", "--level", "1")

    assert "Floor cch-0 (Ground) of building cch is there." in first.output
    assert second.exit_code == 0
    assert [one.name for one in db.session.query(Building)] == ["CCH"]
    assert db.session.query(Site).count() == 1
    assert [(one.code, one.level) for one in db.session.query(Floor).order_by(Floor.level)] == [
        ("cch-0", 0),
        ("cch-1", 1),
    ]


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("1", "There is a floor called 1 already. Choose another code."),
        ("a b", "“a b” is no code"),
        ("..", "“..” is no code"),
        ("New", "“New” is no code"),
    ],
)
def test_a_floor_that_cannot_be_is_refused(app: Flask, code: str, said: str) -> None:
    make_house()

    done = invoke(app, "add", code, "--building", "nk", "--level", "1")

    assert (done.exit_code, said in done.output) == (1, True)


def test_floors_and_buildings_that_only_capitals_tell_apart_are_one(app: Flask) -> None:
    invoke(app, "add", "CCH-0", "--building", "CCH", "--level", "0")

    second = invoke(app, "add", "cch-1", "--building", "cch", "--level", "1")
    again = invoke(app, "add", "cch-0", "--building", "cch", "--level", "0")

    assert second.exit_code == 0
    assert "There is a floor called CCH-0 already." in again.output
    assert [one.code for one in db.session.query(Building)] == ["CCH"]
