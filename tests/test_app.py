"""The start: a key of its own, and commands that answer with a sentence."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from flask import Flask
from flask.cli import ScriptInfo

from campus import app as campus_app
from campus.app import OWN_KEY, own_key, settings_from
from campus.settings import SHORTEST_KEY, SettingsError
from tests.conftest import KEY


def test_the_first_start_writes_a_key_that_the_next_ones_read(tmp_path: Path) -> None:
    environ = {"CAMPUS_DATA_DIR": str(tmp_path / "data")}

    first, second = settings_from(environ), settings_from(environ)

    assert first.secret_key == second.secret_key
    assert len(first.secret_key) >= SHORTEST_KEY
    assert stat.S_IMODE((tmp_path / "data" / OWN_KEY).stat().st_mode) == 0o600


def test_a_key_that_is_set_goes_before_and_none_is_written(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text(KEY, encoding="utf-8")
    folder = {"CAMPUS_DATA_DIR": str(tmp_path / "data")}

    by_value = settings_from({**folder, "CAMPUS_SECRET_KEY": KEY})
    by_file = settings_from({**folder, "CAMPUS_SECRET_KEY_FILE": str(file)})

    assert by_value.secret_key == by_file.secret_key == KEY
    assert not (tmp_path / "data").exists()


def test_an_empty_key_is_a_mistake_and_not_a_wish_for_a_new_one(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="CAMPUS_SECRET_KEY"):
        settings_from({"CAMPUS_DATA_DIR": str(tmp_path), "CAMPUS_SECRET_KEY": ""})

    assert list(tmp_path.iterdir()) == []


def test_other_mistakes_are_told_before_anything_is_written(tmp_path: Path) -> None:
    folder = tmp_path / "data"

    with pytest.raises(SettingsError, match="CAMPUS_ZONE"):
        settings_from({"CAMPUS_DATA_DIR": str(folder), "CAMPUS_ZONE": "Mars/Olympus"})

    assert not folder.exists()


def test_many_at_once_agree_on_one_key(tmp_path: Path) -> None:
    folder = tmp_path / "data"

    with ThreadPoolExecutor(16) as pool:
        keys = set(pool.map(lambda _: own_key(folder), range(64)))

    assert len(keys) == 1
    assert [path.name for path in folder.iterdir()] == [OWN_KEY]


def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file, no folder", encoding="utf-8")

    with pytest.raises(SettingsError, match="cannot be kept"):
        own_key(tmp_path / "data")


def test_two_campuses_have_two_keys(tmp_path: Path) -> None:
    assert own_key(tmp_path / "a") != own_key(tmp_path / "b")


def test_help_needs_neither_settings_nor_a_database() -> None:
    result = CliRunner().invoke(campus_app.cli, ["--help"], obj=ScriptInfo(create_app=broken))

    assert result.exit_code == 0
    for name in ("run", "serve", "migrate", "doctor", "demo", "worker", "organisations", "people"):
        assert name in result.output


@pytest.mark.parametrize("command", sorted(campus_app.cli.commands))
def test_every_command_explains_itself(command: str) -> None:
    result = CliRunner().invoke(
        campus_app.cli, [command, "--help"], obj=ScriptInfo(create_app=broken)
    )

    assert result.exit_code == 0
    assert len(result.output.splitlines()) > 3


def broken() -> Flask:
    raise click.ClickException("no settings")


def test_every_wrong_setting_is_a_line_and_no_trace(tmp_path: Path) -> None:
    answer = campus(
        "migrate", CAMPUS_DATA_DIR=str(tmp_path), CAMPUS_ZONE="Nowhere", CAMPUS_LANGUAGES="xx"
    )

    assert answer.returncode == 1
    assert "Error: CAMPUS_ZONE" in answer.stderr
    assert "CAMPUS_LANGUAGES" in answer.stderr
    assert "Traceback" not in answer.stderr


def campus(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run the command as an operator does."""
    return subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", "from campus.app import main; main()", *arguments],
        env={"PATH": os.environ["PATH"], **environ},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
