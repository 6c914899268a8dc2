"""A backup comes back whole, into an empty place only; a hostile or torn one does not at all."""

from __future__ import annotations

import hashlib
import json
import tarfile
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import delete, func, inspect, select

from campus.backups import service
from campus.bookings.models import Booking
from campus.db import copies, db, unit_of_work
from campus.errors import CampusError
from campus.home.faults import examine
from campus.occupancy.models import Occupancy
from campus.settings import Settings
from tests.backups.conftest import back_up, check, drill_of, rewritten
from tests.factories import NOW


def restore(file: Path, app: Flask) -> service.Proof:
    with app.app_context():
        return service.restore(file, drill=drill_of(app))


def test_a_campus_comes_back_as_it_was(
    app: Flask, campus: Settings, file: Path, elsewhere: Flask
) -> None:
    back_up(file, campus)

    proof = restore(file, elsewhere)

    folder = elsewhere.extensions["campus.settings"].data_dir
    with elsewhere.app_context():
        assert [one.title for one in db.session.scalars(select(Booking))] == ["Terpen"]
        assert [one for one in examine(NOW) if one.faults] == []
    assert proof.faults == 0
    assert (folder / "plans" / "nk-1.svg").read_text(encoding="utf-8") == "<svg/>"
    assert (folder / "photo.jpg").stat().st_size == 256 * 300
    assert sorted(path.name for path in folder.iterdir()) == ["photo.jpg", "plans"]


def test_a_check_proves_it_and_leaves_nothing(app: Flask, campus: Settings, file: Path) -> None:
    back_up(file, campus)
    before = db.session.scalar(select(func.count()).select_from(Booking))
    tables = databases()

    proof = check(file, app)

    assert (proof.faults, proof.manifest.rows["booking"]) == (0, 1)
    assert len(proof.findings) == 13
    assert [path.name for path in file.parent.iterdir()] == [file.name]
    assert databases() == tables
    assert db.session.scalar(select(func.count()).select_from(Booking)) == before


def databases() -> list[str]:
    if copies.kind_of(db.engine) == "sqlite":
        return []
    with db.engine.connect() as connection:
        found = connection.exec_driver_sql("SELECT datname FROM pg_database ORDER BY 1")
        return [name for (name,) in found if str(name).startswith("campus_check")]


def test_a_check_finds_the_faults_that_were_copied(
    app: Flask, campus: Settings, file: Path
) -> None:
    with unit_of_work():
        db.session.execute(delete(Occupancy))
    back_up(file, campus)

    proof = check(file, app)

    assert proof.faults == 1
    assert [one.code for one in proof.findings if one.faults] == ["bookings"]


def test_settings_that_were_others_then_are_told(app: Flask, campus: Settings, file: Path) -> None:
    back_up(file, campus)
    app.extensions["campus.settings"] = replace(
        campus, zone="Europe/London", base_url="https://other.example"
    )

    proof = check(file, app)

    assert list(proof.differing) == [
        ("CAMPUS_ZONE", "Europe/Amsterdam", "Europe/London"),
        ("CAMPUS_BASE_URL", "http://localhost", "https://other.example"),
    ]
    assert proof.faults == 0  # its texts are true under the settings of then


# --- places -----------------------------------------------------------------------------------


def test_a_database_with_content_is_left_alone(
    app: Flask, campus: Settings, file: Path, tmp_path: Path
) -> None:
    back_up(file, campus)
    app.extensions["campus.settings"] = replace(campus, data_dir=tmp_path / "fresh")

    with pytest.raises(CampusError, match=r"The database .* is not empty, .* CAMPUS_DATABASE_URL"):
        restore(file, app)

    assert db.session.scalars(select(Booking.title)).one() == "Terpen"


def test_a_data_folder_with_content_is_left_alone(
    campus: Settings, file: Path, elsewhere: Flask
) -> None:
    back_up(file, campus)
    folder = elsewhere.extensions["campus.settings"].data_dir
    folder.mkdir()
    (folder / "mine.txt").write_text("mine", encoding="utf-8")

    with pytest.raises(CampusError, match=r"\(it holds mine.txt\) is not empty"):
        restore(file, elsewhere)

    assert is_empty(elsewhere)


def is_empty(app: Flask) -> bool:
    with app.app_context():
        return copies.is_empty(db.engine)


def test_a_key_and_a_lock_are_no_content(campus: Settings, file: Path, elsewhere: Flask) -> None:
    back_up(file, campus)
    folder = elsewhere.extensions["campus.settings"].data_dir
    folder.mkdir()
    (folder / "secret-key").write_text("its own", encoding="utf-8")

    restore(file, elsewhere)

    assert (folder / "secret-key").read_text(encoding="utf-8") == "its own"


def test_another_kind_of_database_is_a_sentence(
    campus: Settings, file: Path, sqlite_app: Flask, postgresql_app: Flask
) -> None:
    back_up(file, campus)
    is_sqlite = copies.kind_of(db.engine) == "sqlite"
    other = postgresql_app if is_sqlite else sqlite_app

    with (
        other.app_context(),
        pytest.raises(CampusError, match="Name one of the same kind"),
    ):
        check(file, other)


# --- what is not whole, or not ours -----------------------------------------------------------


def refused(file: Path, app: Flask, elsewhere: Flask) -> str:
    """Return why a backup is refused, by a check and by a restore alike."""
    with pytest.raises(CampusError) as checked:
        check(file, app)
    with pytest.raises(CampusError) as restored:
        restore(file, elsewhere)
    assert str(checked.value) == str(restored.value)
    assert is_empty(elsewhere)
    folder = elsewhere.extensions["campus.settings"].data_dir
    assert not folder.exists() or list(folder.iterdir()) == []
    return str(checked.value)


@pytest.mark.parametrize("share", [0.0, 0.3, 0.7, 0.999])
def test_a_torn_backup_is_refused(
    app: Flask, campus: Settings, file: Path, elsewhere: Flask, share: float
) -> None:
    back_up(file, campus)
    whole = file.read_bytes()
    manifest_at = whole.rindex(b"manifest.json")
    file.write_bytes(whole[: int(manifest_at * share)])

    assert "cut short or damaged" in refused(file, app, elsewhere)


def test_one_flipped_bit_is_refused(
    app: Flask, campus: Settings, file: Path, elsewhere: Flask
) -> None:
    back_up(file, campus)
    raw = bytearray(file.read_bytes())
    raw[100_000] ^= 1
    file.write_bytes(raw)

    assert "its SHA-256 differs" in refused(file, app, elsewhere)


def test_a_newer_schema_is_refused(
    app: Flask, campus: Settings, file: Path, elsewhere: Flask
) -> None:
    said = back_up(file, campus)
    other = {**json.loads(said.written()), "revision": "9999"}
    newer = rewritten(file, file.with_name("n.tar"), manifest=json.dumps(other).encode())

    assert "made by a newer campus" in refused(newer, app, elsewhere)


def test_what_is_no_backup_is_refused(
    app: Flask, campus: Settings, file: Path, elsewhere: Flask
) -> None:
    file.write_text("a letter to the mayor", encoding="utf-8")
    assert "no whole tar file" in refused(file, app, elsewhere)
    with tarfile.open(file, "w") as tar:
        tar.addfile(tarfile.TarInfo("hello"))
    assert "the manifest, is missing" in refused(file, app, elsewhere)
    with tarfile.open(file, "w:gz") as tar:
        tar.addfile(tarfile.TarInfo("manifest.json"))
    assert "no whole tar file" in refused(file, app, elsewhere)
    file.unlink()
    assert "No such file or directory" in refused(file, app, elsewhere)


@pytest.mark.parametrize(
    ("name", "kind", "words"),
    [
        ("../../evil", tarfile.REGTYPE, "outside its folder"),
        ("/evil", tarfile.REGTYPE, "outside its folder"),
        ("uploads/../../evil", tarfile.REGTYPE, "outside its folder"),
        ("uploads/link", tarfile.SYMTYPE, "no plain file"),
        ("uploads/hard", tarfile.LNKTYPE, "no plain file"),
        ("uploads/null", tarfile.CHRTYPE, "no plain file"),
        ("uploads/pipe", tarfile.FIFOTYPE, "no plain file"),
        ("uploads/folder", tarfile.DIRTYPE, "no plain file"),
        ("uploads/photo.jpg", tarfile.REGTYPE, "is there twice"),
        ("uploads/more.txt", tarfile.REGTYPE, "does not hold what its manifest says"),
    ],
)
def test_a_hostile_backup_is_refused(  # noqa: PLR0913 - a table, and the places it is tried in
    app: Flask, campus: Settings, file: Path, elsewhere: Flask, name: str, kind: bytes, words: str
) -> None:
    back_up(file, campus)
    entry = tarfile.TarInfo(name)
    entry.type, entry.linkname = kind, "/etc/passwd"
    with tarfile.open(file, "a") as tar:
        tar.addfile(entry)

    assert words in refused(file, app, elsewhere)


def test_a_part_larger_than_the_file_is_refused(
    app: Flask, campus: Settings, file: Path, elsewhere: Flask
) -> None:
    entry = tarfile.TarInfo("database.sqlite3")
    entry.size = 1 << 50
    file.write_bytes(entry.tobuf() + b"\0" * 10_240)

    assert "cut short or damaged" in refused(file, app, elsewhere)


def test_a_database_that_is_none_is_refused(
    app: Flask, campus: Settings, file: Path, elsewhere: Flask
) -> None:
    said = back_up(file, campus)
    junk = b"no database " * 1000
    parts = json.loads(said.written())
    for part in parts["parts"]:
        if part["name"].startswith("database"):
            part.update(size=len(junk), sha256=hashlib.sha256(junk).hexdigest())
    rewritten(file, file.with_name("j.tar"), database=junk, manifest=json.dumps(parts).encode())

    with pytest.raises(CampusError, match=r"not sound|pg_restore failed"):
        check(file.with_name("j.tar"), app)


def test_a_backup_of_an_older_campus_is_brought_to_head(
    app: Flask, campus: Settings, file: Path, elsewhere: Flask
) -> None:
    import flask_migrate

    with elsewhere.app_context():
        flask_migrate.upgrade(revision="0002")
        older = service.back_up(
            file, settings=elsewhere.extensions["campus.settings"], force=False, now=NOW
        )
        with db.engine.connect() as connection:
            assert "examination" not in inspect(connection).get_table_names()

    proof = check(file, app)

    assert (older.revision, proof.faults) == ("0002", 0)
