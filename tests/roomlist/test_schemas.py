"""Maps: what they say is understood; every mistake in one is told by its place."""

from __future__ import annotations

import pytest

from campus.roomlist.models import Field
from campus.roomlist.schemas import read_map
from campus.web.remarks import Mistaken
from tests.roomlist.conftest import MAPS, asked, said

CODE = '[columns]\ncode = "ref"\n'


def refused(words: str) -> list[str]:
    with pytest.raises(Mistaken) as caught:
        read_map(words)
    return said(caught.value)


@pytest.mark.parametrize("name", ["ucl.toml", "nus.toml", "tud.toml"])
def test_the_maps_of_the_documentation_are_maps(name: str) -> None:
    assert read_map((MAPS / name).read_text(encoding="utf-8")).sources


def test_a_map_says_what_a_source_calls_things() -> None:
    found = read_map(
        'create = ["floors"]\n[columns]\ncode = "ref"\nname = ["name", "ref"]\n'
        '[constants]\nkind = "desk"\n[floors]\nGround = 0\n[only]\nkind = ["room", "hall*"]\n'
    )

    assert [one.columns for one in found.sources[Field.NAME]] == [["name"], ["ref"]]
    assert found.floors == {"Ground": 0}
    assert found.only == {"kind": ("room", "hall*")}
    assert (found.makes_buildings, found.makes_floors) == (False, True)
    assert found.column_of(Field.KIND) == ""


@pytest.mark.parametrize(
    ("words", "mistake"),
    [
        ("", "columns: The map names no column for the code of a space."),
        ("[columns]\nname = 'x'\n", "columns: The map names no column for the code"),
        ("[columns\n", "The map cannot be read from line 1, column 9 on."),
        (CODE + "name = x\n", "The map cannot be read from line 3, column 8 on."),
        ('[columns]\ncode = "', "The map cannot be read from line 2, column 9 on."),
        ("colums = 1\n" + CODE, "colums: A map does not know “colums”. It knows: rows, create,"),
        ("columns = 3\n", "columns: This is a table: write [columns] on a line."),
        (CODE + "size = 'x'\n", "columns.size: A map does not know “size”."),
        (CODE + "name = 3\n", "columns.name: Write the name of a column in quotation marks"),
        (CODE + "name = []\n", "columns.name: Write the name of a column in quotation marks"),
        (CODE + "[templates]\ncode = '{a}'\n", "templates.code: The map says twice"),
        (CODE + "[templates]\nname = '{a'\n", "templates.name: “{a” has a brace"),
        (CODE + "[templates]\nname = 1\n", "templates.name: Write the template in quotation"),
        (CODE + "[constants]\nkind = true\n", "constants.kind: Write the value in quotation"),
        (CODE + "[kinds]\nLT = 'boat'\n", "kinds.LT: “boat” is no kind of space. There are: desk"),
        (CODE + "[floors]\nG = 'x'\n", "floors.G: Write the level as a number from -9 to 99"),
        (CODE + "[floors]\nG = 105\n", "floors.G: Write the level as a number from -9 to 99"),
        (CODE + "[codes]\na = 'b/c'\n", "codes.a: “b/c” is no code"),
        (CODE + "[only]\nkind = 3\n", "only.kind: Write values in quotation marks"),
        ("rows = 3\n" + CODE, "rows: Write where the spaces are"),
        ("create = 'all'\n" + CODE, "create: Write it as create = "),
        ("create = ['zones']\n" + CODE, "create: Write it as create = "),
        ("#" * 100_001, "The map has more than 100000 characters."),
    ],
)
def test_a_mistake_in_a_map_is_told_by_its_place(words: str, mistake: str) -> None:
    assert any(mistake in one for one in refused(words)), refused(words)


def test_all_mistakes_of_a_map_are_told_at_once() -> None:
    assert len(refused("one = 1\ntwo = 2\n[kinds]\nA = 'x'\nB = 'y'\n")) == 4


def test_a_map_that_names_a_column_the_file_does_not_have_says_what_there_is() -> None:
    with pytest.raises(Mistaken) as caught:
        asked("ref;naam\nA1;x\n", map='[columns]\ncode = "reff"\n[only]\nsort = "x"\n')

    assert said(caught.value) == [
        "code: The map names the column “reff”, which the file does not have. It has: ref, naam.",
        "only.sort: The map names the column “sort”, which the file does not have."
        " It has: ref, naam.",
    ]
