"""`campus backup` and `campus restore`: sentences, exit codes, JSON."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import delete

from campus.db import db, unit_of_work
from campus.occupancy.models import Occupancy
from campus.settings import Settings
from tests.home.test_cli import run


def test_a_backup_says_what_it_holds_and_how_to_prove_it(
    app: Flask, campus: Settings, file: Path
) -> None:
    code, said = run(app, "backup", str(file))

    assert code == 0
    assert "and 2 uploads" in said
    assert f"campus restore {file} --check" in said
    assert "The secret key is not in it" in said


def test_a_folder_gets_a_file_with_the_time_in_its_name(
    app: Flask, campus: Settings, file: Path
) -> None:
    code, said = run(app, "backup", str(file.parent), "--json")

    (made,) = file.parent.iterdir()
    assert (code, json.loads(said)["file"]) == (0, str(made))
    assert made.name.startswith("campus-20")


def test_a_refusal_is_a_sentence(app: Flask, campus: Settings, file: Path) -> None:
    file.touch()

    code, said = run(app, "backup", str(file))

    assert (code, said.count("\n")) == (1, 1)
    assert "is there already" in said


def test_a_check_says_what_was_proven(app: Flask, campus: Settings, file: Path) -> None:
    run(app, "backup", str(file))

    code, said = run(app, "restore", str(file), "--check")

    assert code == 0
    assert "whole   3 parts" in said
    assert "sound   doctor looked into 13 things and found no fault" in said
    assert "It can be restored. Nothing here was changed." in said


def test_a_check_of_faulty_data_lists_them_and_ends_with_three(
    app: Flask, campus: Settings, file: Path
) -> None:
    with unit_of_work():
        db.session.execute(delete(Occupancy))
    run(app, "backup", str(file))

    code, said = run(app, "restore", str(file), "--check")
    _, as_json = run(app, "restore", str(file), "--check", "--json")

    assert code == 3
    assert "holds no place. Change its time" in said
    assert "with 1 fault that it was made with." in said
    assert len(json.loads(as_json)["faults"]) == 1


def test_a_restore_over_a_campus_is_refused(app: Flask, campus: Settings, file: Path) -> None:
    run(app, "backup", str(file))

    code, said = run(app, "restore", str(file))

    assert code == 1
    assert "is not empty, and a backup is restored into an empty place only." in said


@pytest.mark.parametrize("more", [{"name": "Andere campus"}, {"base_url": "https://there.test"}])
def test_a_restore_under_another_name_or_address_says_to_tell_calendars(
    app: Flask, campus: Settings, file: Path, elsewhere: Flask, more: dict[str, str]
) -> None:
    run(app, "backup", str(file))
    _, checked = run(app, "restore", str(file), "--check")
    there: Settings = elsewhere.extensions["campus.settings"]
    elsewhere.extensions["campus.settings"] = replace(there, **more)  # type: ignore[arg-type]

    with elsewhere.app_context():
        code, said = run(elsewhere, "restore", str(file))

    assert code == 0, said
    assert "Run campus feeds retell first" in said
    assert "retell" not in checked


def test_a_restore_under_the_same_settings_tells_nothing_anew(
    app: Flask, campus: Settings, file: Path, elsewhere: Flask
) -> None:
    run(app, "backup", str(file))

    with elsewhere.app_context():
        code, said = run(elsewhere, "restore", str(file))

    assert code == 0, said
    assert "retell" not in said
