"""A backup is whole, holds what it should, and leaves nothing half behind."""

from __future__ import annotations

import os
import stat
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import create_engine

from campus.backups import archive, service
from campus.db import copies, db, dumps
from campus.errors import CampusError
from campus.settings import Settings
from tests.backups.conftest import back_up
from tests.factories import NOW


def names_in(file: Path) -> list[str]:
    with tarfile.open(file) as tar:
        return tar.getnames()


def test_a_backup_holds_the_database_and_uploads_and_no_secret(
    campus: Settings, file: Path
) -> None:
    made = back_up(file, campus)

    database = copies.NAMES[copies.kind_of(db.engine)]
    assert names_in(file) == [
        database, "uploads/photo.jpg", "uploads/plans/nk-1.svg", "manifest.json"
    ]  # fmt: skip
    assert b"never to be copied" not in file.read_bytes()
    assert (made.rows["booking"], made.rows["occupancy"], made.revision) == (1, 1, "0004")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_what_has_the_name_already_stays_unless_forced(campus: Settings, file: Path) -> None:
    file.write_text("precious", encoding="utf-8")

    with pytest.raises(CampusError, match=r"is there already\. Choose another name, or add --f"):
        back_up(file, campus)
    assert file.read_text(encoding="utf-8") == "precious"

    back_up(file, campus, force=True)
    assert "manifest.json" in names_in(file)


def test_a_link_where_the_backup_should_be_is_taken_for_what_it_is(
    campus: Settings, file: Path, tmp_path: Path
) -> None:
    file.symlink_to(tmp_path / "nowhere")

    with pytest.raises(CampusError, match="is there already"):
        back_up(file, campus)


def test_a_draft_that_is_a_link_is_not_followed(
    campus: Settings, file: Path, tmp_path: Path
) -> None:
    victim = tmp_path / "victim"
    victim.write_text("precious", encoding="utf-8")
    file.with_name(f".{file.name}.part").symlink_to(victim)

    with pytest.raises(CampusError, match="cannot be written"):
        back_up(file, campus)

    assert victim.read_text(encoding="utf-8") == "precious"


def test_what_a_killed_backup_left_is_written_over(campus: Settings, file: Path) -> None:
    draft = file.with_name(f".{file.name}.part")
    draft.write_bytes(b"torn" * 100_000)

    back_up(file, campus)

    assert not draft.exists()
    assert names_in(file)[-1] == "manifest.json"


def test_two_backups_to_one_file_do_not_mix(campus: Settings, file: Path) -> None:
    with (
        archive.packing(file, force=False),
        pytest.raises(CampusError, match="Another backup to this file is being made already"),
    ):
        back_up(file, campus)


def test_a_folder_that_is_not_there_is_a_sentence(campus: Settings, tmp_path: Path) -> None:
    with pytest.raises(CampusError, match=r"cannot be written: .*No such file or directory"):
        back_up(tmp_path / "not" / "there.tar", campus)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_full_disk_is_a_sentence_and_leaves_nothing(
    campus: Settings, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    @contextmanager
    def full(draft: Path) -> Iterator[Any]:
        draft.touch()
        with Path("/dev/full").open("wb") as handle:
            yield handle

    monkeypatch.setattr(archive, "_locked", full)

    with pytest.raises(CampusError, match=r"no room left for the backup .* Nothing of it was k"):
        back_up(file, campus)

    assert list(file.parent.iterdir()) == []


@pytest.mark.parametrize("when", [KeyboardInterrupt, CampusError("broken off")])
def test_whatever_ends_it_before_leaves_nothing(
    campus: Settings, file: Path, when: BaseException | type[BaseException]
) -> None:
    def stop(doing: str) -> None:
        if "adding" in doing:
            raise when

    with pytest.raises((KeyboardInterrupt, CampusError)):
        service.back_up(file, settings=campus, force=False, now=NOW, say=stop)

    assert list(file.parent.iterdir()) == []


def test_links_among_uploads_are_left_out(campus: Settings, file: Path) -> None:
    (campus.data_dir / "passwd").symlink_to("/etc/passwd")
    (campus.data_dir / "out").symlink_to("/etc")
    os.mkfifo(campus.data_dir / "pipe")

    back_up(file, campus)

    assert not {"uploads/passwd", "uploads/pipe", "uploads/out"} & set(names_in(file))


def test_a_backup_into_the_data_folder_does_not_hold_itself(campus: Settings) -> None:
    made = back_up(campus.data_dir / "b.tar", campus)

    assert [part.name for part in made.parts if "b.tar" in part.name] == []


# --- PostgreSQL's programs --------------------------------------------------------------------


@pytest.fixture
def pretending(tmp_path: Path) -> Callable[[str], str]:
    """Make a folder with a pg_dump of a version."""

    def make(version: str) -> str:
        folder = tmp_path / f"pg-{version}"
        folder.mkdir()
        program = folder / "pg_dump"
        program.write_text(f"#!/bin/sh\necho pg_dump '(PostgreSQL)' {version}\n")
        program.chmod(0o700)
        return str(folder)

    return make


def test_a_missing_program_is_a_sentence(
    postgresql_app: Flask, file: Path, tmp_path: Path
) -> None:
    with postgresql_app.app_context():
        settings = replace(postgresql_app.extensions["campus.settings"], pg_bin=str(tmp_path))

        with pytest.raises(CampusError, match=r"pg_dump is not installed .* CAMPUS_PG_BIN"):
            back_up(file, settings)


def test_a_program_older_than_the_server_is_a_sentence(
    postgresql_app: Flask, file: Path, pretending: Callable[[str], str]
) -> None:
    with postgresql_app.app_context():
        settings = replace(
            postgresql_app.extensions["campus.settings"], pg_bin=pretending("9.6.1")
        )

        with pytest.raises(CampusError, match=r"pg_dump 9\.6\.1 is older than the server"):
            back_up(file, settings)

    assert list(file.parent.iterdir()) == []


def test_a_program_that_fails_is_a_sentence(
    postgresql_app: Flask, file: Path, pretending: Callable[[str], str]
) -> None:
    folder = pretending("99.1")
    Path(folder, "pg_dump").write_text(
        '#!/bin/sh\n[ "$1" = --version ] && echo 99.1 && exit\n'
        'echo "pg_dump: error: the sky fell" >&2\nexit 3\n'
    )
    with postgresql_app.app_context():
        settings = replace(postgresql_app.extensions["campus.settings"], pg_bin=folder)

        with pytest.raises(CampusError, match=r"pg_dump failed, .*: the sky fell"):
            back_up(file, settings)


def test_a_program_of_postgresql_15_knows_all_that_it_is_told(
    postgresql_app: Flask, tmp_path: Path
) -> None:
    with (
        postgresql_app.app_context(),
        db.engine.connect() as connection,
        dumps._told(connection, beside=tmp_path / "copy") as arguments,
    ):
        conninfo = arguments[-1].removeprefix("--dbname=")
    told = {word.partition("=")[0] for word in conninfo.split()}

    assert {"dbname", "host", "port"} <= told
    assert told <= dumps.OPTIONS | {"host", "port"}


def test_a_password_stands_in_no_argument(postgresql_app: Flask, tmp_path: Path) -> None:
    with postgresql_app.app_context():
        url = db.engine.url.set(password="hush'\\:hush")
        engine = create_engine(url)
        with (
            engine.connect() as connection,
            dumps._told(connection, beside=tmp_path / "copy") as arguments,
        ):
            (passfile,) = tmp_path.glob("*-pass")
            secret = passfile.read_text()
            mode = stat.S_IMODE(passfile.stat().st_mode)
        engine.dispose()

    assert "hush" not in " ".join(arguments)
    assert (secret, mode) == ("*:*:*:*:hush'\\\\\\:hush\n", 0o600)
    assert list(tmp_path.glob("*-pass")) == []


def test_a_damaged_copy_of_sqlite_is_refused(sqlite_app: Flask, tmp_path: Path) -> None:
    with sqlite_app.app_context():
        copies.copy(db.engine, tmp_path / "copy", programs="")
    whole = (tmp_path / "copy").read_bytes()
    torn = tmp_path / "torn"
    torn.write_bytes(whole[: 4096 * 3] + b"\xff" * 4096 * 4 + whole[4096 * 7 :])

    with pytest.raises(CampusError, match="The copy is not sound"):
        copies.prove_file(torn)
