"""Files as people hand them over: maps and schedules, right and wrong."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from campus.schedule import listing
from campus.schedule.asking import Wanted, asked_of
from campus.schedule.models import Row
from campus.schedule.schemas import read_map
from campus.web.commands import remarks
from campus.web.remarks import Mistaken, Remark
from tests.factories import NOW

ROOT = Path(__file__).resolve().parent.parent.parent
GOOD = "id,room,start,end,title\n1,hunze,2024-02-03 10:30,2024-02-03 11:30,Overleg\n"


def saved(folder: Path, content: str | bytes, name: str = "rooster.csv") -> Path:
    """Return a file with this content."""
    file = folder / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return file


def rows(folder: Path, content: str | bytes, **more: object) -> list[Row]:
    """Return the rows of a schedule."""
    return list(asked_of(Wanted(saved(folder, content), **more), now=NOW).rows())  # type: ignore[arg-type]


def refused(folder: Path, content: str | bytes, **more: object) -> str:
    """Return what is said of a schedule that is refused."""
    return mistake_of(Wanted(saved(folder, content), **more))  # type: ignore[arg-type]


def mistake_of(wanted: Wanted) -> str:
    with pytest.raises(Mistaken) as refusal:
        asked_of(wanted, now=NOW)
    return "\n".join(remarks(refusal.value.mistakes))


@pytest.mark.parametrize(
    "content",
    [
        GOOD,
        GOOD.replace(",", ";"),
        GOOD.replace(",", "\t"),
        GOOD.replace("\n", "\r\n"),
        "\ufeff" + GOOD,
        GOOD.encode("utf-16"),
        GOOD.replace("\n", "\n\n"),
        GOOD.replace("room,start,end,title", "Ruimte,Begin,Einde,Onderwerp"),
        "id;Ruimte;Datum;Van;Tot;Onderwerp\n1;hunze;03-02-2024;10:30;11:30;Overleg\n",
    ],
)
def test_a_schedule_is_read_as_programs_write_it(tmp_path: Path, content: str | bytes) -> None:
    (row,) = rows(tmp_path, content)

    assert (row.code, row.title, row.source) == ("hunze", "Overleg", "rooster:1")
    assert row.period is not None
    assert row.period.starts_at.isoformat() == "2024-02-03T09:30:00+00:00"


def test_a_dutch_excel_writes_windows_1252(tmp_path: Path) -> None:
    content = GOOD.replace("Overleg", "Één café").encode("cp1252")

    assert rows(tmp_path, content)[0].title == "Één café"


def test_quotes_lines_and_signs_in_titles_are_kept_on_one_line(tmp_path: Path) -> None:
    content = GOOD.replace("Overleg", '"Een ""groot"",\novereg \x07"')

    assert rows(tmp_path, content)[0].title == 'Een "groot", overeg'


def test_a_long_title_is_cut_to_what_a_booking_holds(tmp_path: Path) -> None:
    title = rows(tmp_path, GOOD.replace("Overleg", "x" * 300))[0].title

    assert (len(title), title[-1]) == (200, "…")


def test_without_ids_a_row_is_known_by_space_and_start(tmp_path: Path) -> None:
    content = GOOD.replace("id,", "").replace("1,hunze", "hunze")

    assert rows(tmp_path, content)[0].source == "rooster:hunze//2024-02-03 10:30"


def test_a_whole_day_is_listed(tmp_path: Path) -> None:
    content = "room,start,end\nhunze,2024-02-03,2024-02-04\n"

    (row,) = rows(tmp_path, content)

    assert (row.period, row.why_not, row.on) == (None, "whole day", "2024-02-03")


def test_only_the_days_asked_for_are_gone_through(tmp_path: Path) -> None:
    content = GOOD + "2,hunze,2024-02-05 10:30,2024-02-05 11:30,Later\n"
    file = saved(tmp_path, content)

    found = asked_of(Wanted(file, first=date(2024, 2, 3), until=date(2024, 2, 5)), now=NOW)

    assert [row.title for row in found.rows()] == ["Overleg"]
    assert (found.survey.rows, found.survey.outside) == (1, 1)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "The file is empty."),
        ("\n\n", "The file is empty."),
        ("id,room,start,end,title\n", "names of columns, and nothing else"),
        (GOOD.replace("Overleg", "a\0b"), "line 2: Here is a NUL character"),
        (b"PK\x03\x04rest", "workbook"),
        (
            GOOD.replace("title", "start"),
            "line 1, column start: Columns 3 and 5 have the same name.",
        ),
        (GOOD.replace("start", "x"), "No column is called start"),
        (GOOD.replace("room", "x"), "--space"),
        (
            GOOD.replace("2024-02-03 10:30", "soon"),
            "line 2, column start: “soon” is no day and time",
        ),
        (GOOD.replace("11:30", "09:30"), "line 2, column end: This does not end after it starts."),
        (GOOD.replace("hunze", "Hunze (1)"), "line 2, column room: “Hunze (1)” is no code"),
        (GOOD.replace("hunze", ""), "line 2, column room: Here is no space."),
        (GOOD.replace("1,hunze", ",hunze"), "line 2, column id: Here is no id"),
        (GOOD.replace("Overleg", "Overleg,x"), "line 2: This line has 6 cells"),
        (GOOD + GOOD.split("\n")[1], "line 3, column id: “1” is the id of an earlier row"),
        (GOOD.replace("Overleg", '"Over'), "line 2: From here on the line cannot be read"),
        (",".join(f"c{n}" for n in range(201)) + ",start,end", "at most 200 columns"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(
    tmp_path: Path, content: str | bytes, words: str
) -> None:
    assert words in refused(tmp_path, content)


def test_every_wrong_row_is_named_until_there_are_too_many(tmp_path: Path) -> None:
    content = "id,room,start,end\n" + "".join(f"{n},hunze,soon,later\n" for n in range(80))

    said = refused(tmp_path, content).splitlines()

    assert (len(said), said[-1]) == (51, "And there is more.")


def test_a_long_file_in_which_everything_is_wrong_is_not_read_to_its_end(tmp_path: Path) -> None:
    content = "id,room,start,end\n" + "".join(f"{n},hunze,soon,later\n" for n in range(80))
    sheet = listing.Sheet(
        saved(tmp_path, content), given=None, space="", zone=ZoneInfo("Europe/Amsterdam")
    )
    mistakes: list[Remark] = []

    assert list(sheet.rows(mistakes)) == []
    assert len(mistakes) == listing.MOST_MISTAKES + 1


def test_a_file_of_100_mb_is_refused_by_its_size(tmp_path: Path) -> None:
    file = tmp_path / "rooster.csv"
    with file.open("wb") as opened:
        opened.truncate(100_000_000)

    assert "96 MB, and at most 64 MB are read." in mistake_of(Wanted(file))
    calendar = file.rename(tmp_path / "a.ics")
    assert "100 MB, and at most 1 MB is read." in mistake_of(Wanted(calendar, space="hunze"))


def test_a_million_rows_are_refused_before_anything_is_booked(tmp_path: Path) -> None:
    content = "room,start,end\n" + "x,,\n" * (listing.LIMITS.rows + 1)
    file = saved(tmp_path, f'{MAP}[only]\nroom = "hunze"\n', "kaart.toml")

    assert "more than 500000 rows" in refused(tmp_path, content, map=file)


def test_days_the_wrong_way_round_are_refused(tmp_path: Path) -> None:
    when = {"first": date(2024, 2, 5), "until": date(2024, 2, 5)}

    assert "--until is not after --from" in refused(tmp_path, GOOD, **when)


def test_an_ics_needs_a_space_and_no_map(tmp_path: Path) -> None:
    content = "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"

    assert "--space CODE" in refused(tmp_path, content)
    assert "an .ics has none" in refused(tmp_path, content, map=tmp_path / "kaart.toml")


# --- maps -------------------------------------------------------------------------------------

MAP = '[columns]\nspace = "room"\nstart = "start"\nend = "end"\n'


def test_the_map_of_fosdem_is_read() -> None:
    found = read_map(
        (ROOT / "docs" / "maps" / "fosdem.toml").read_text(encoding="utf-8"), name="x"
    )

    assert (found.source, found.zone) == ("fosdem-2024", "Europe/Brussels")
    assert found.codes["H.1301 (Cornil)"] == "H.1301"


def test_a_map_chooses_rows_and_calls_spaces_by_their_codes(tmp_path: Path) -> None:
    file = saved(
        tmp_path,
        f'source = "s"\n{MAP}id = "id"\n[codes]\n"Grote zaal" = "grote-zaal"\n'
        '[only]\ntitle = ["Over*", "Thee"]\n[except]\nroom = "x"\n',
        "kaart.toml",
    )
    content = (
        GOOD.replace("hunze", "Grote zaal")
        + "2,Grote zaal,2024-02-05 10:30,2024-02-05 11:30,Anders\n"
        + "3,x,2024-02-05 10:30,2024-02-05 11:30,Thee\n"
    )

    found = asked_of(Wanted(saved(tmp_path, content), map=file), now=NOW)

    assert [(row.code, row.place) for row in found.rows()] == [("grote-zaal", "Grote zaal")]
    assert found.survey.left_out == 2


def test_a_map_puts_columns_together_and_says_what_holds_for_all(tmp_path: Path) -> None:
    file = saved(
        tmp_path,
        '[columns]\nstart = "start"\nend = ["ends", "end"]\nid = "id"\n'
        '[constants]\nspace = "hunze"\n[templates]\ntitle = "{title} ({id})"\n',
        "kaart.toml",
    )
    content = GOOD.replace("title", "title,ends").replace("Overleg", "Overleg,")

    (row,) = rows(tmp_path, content, map=file)

    assert (row.code, row.title, row.period is not None) == ("hunze", "Overleg (1)", True)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("x = ]", "The map cannot be read from line 1, column 5 on."),
        (b"\xff\xfe\x00", "This map is no text in UTF-8."),
        (f"{MAP}[colums]\n", "does not know “colums”"),
        ('[columns]\nroom = "room"\n', "does not know “room”"),
        ('[columns]\nstart = "start"\n', "no column for the end"),
        ("columns = 3", "columns: This is a table"),
        ("[columns]\nstart = 3\n", "columns.start: Write the name of a column in quotation marks"),
        (f'{MAP}[codes]\nx = "a b"\n', "codes.x: “a b” is no code"),
        (f"{MAP}[only]\ntitle = 3\n", "only.title: Write values in quotation marks"),
        (f'source = "a b"\n{MAP}', "source: Write a name"),
        (f'zone = "Terp"\n{MAP}', "“Terp” is no time zone"),
        (f'zone = ["x"]\n{MAP}', "is no time zone"),
        (f"zone = {{a = 1}}\n{MAP}", "is no time zone"),
        (f"zone = 0\n{MAP}", "“0” is no time zone"),
        (MAP.replace('"end"', '"einde"'), "names the column “einde”"),
        (f'{MAP}[only]\nkind = "x"\n', "names the column “kind”"),
        ("#" * 100_001, "more than 100000 characters"),
    ],
)
def test_what_is_wrong_in_a_map_is_named(tmp_path: Path, content: str | bytes, words: str) -> None:
    file = saved(tmp_path, content, "kaart.toml")

    assert words in refused(tmp_path, GOOD, map=file)
