"""The files of docs/deploy say what campus, systemd and nginx understand."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from campus.app import cli
from campus.settings import Settings
from tests.conftest import KEY

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "deploy"
BACKUP = FOLDER / "campus-backup"
PYTHON = "/opt/campus/current/bin/python"
SCRIPTS = (FOLDER / "campus", BACKUP)
CALLERS = (FOLDER / "campus.service", FOLDER / "campus-worker.service", BACKUP)
UNITS = sorted((*FOLDER.glob("*.service"), *FOLDER.glob("*.timer")))
unit = pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
script = pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)


@pytest.mark.parametrize("caller", CALLERS, ids=lambda path: path.name)
def test_units_and_scripts_call_commands_as_they_are(caller: Path) -> None:
    called = re.findall(
        rf"^(?:Exec\w+=)?{PYTHON} -m campus\.app ([^|\n]+)", caller.read_text(), re.MULTILINE
    )

    assert called
    for words in map(shlex.split, called):
        cli.commands[words[0]].make_context(words[0], words[1:])


@unit
def test_systemd_understands_a_unit(unit: Path, tmp_path: Path) -> None:
    analyze = needed("systemd-analyze")
    for file in UNITS:  # a timer names its service
        text = file.read_text().replace(f"/usr/local/bin/{BACKUP.name}", str(BACKUP))
        (tmp_path / file.name).write_text(text.replace(PYTHON, sys.executable))

    assert said(analyze, "verify", str(tmp_path / unit.name)) == ""


def test_every_unit_calls_what_is_installed() -> None:
    text = "".join(file.read_text() for file in UNITS)
    programs = set(re.findall(r"^Exec\w+=(\S+)", text, re.MULTILINE))

    assert programs == {PYTHON, f"/usr/local/bin/{BACKUP.name}", "/bin/kill"}


@pytest.mark.parametrize(
    ("found", "keeps"), [(0, True), (3, True), (1, False)], ids=["sound", "faults", "broken"]
)
def test_a_nightly_backup_is_kept_when_it_can_be_restored(
    tmp_path: Path, found: int, keeps: bool
) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    older = [folder / f"campus-202611{day:02}T023000Z.tar" for day in range(1, 16)]
    for file in older:
        file.touch()
    campus = tmp_path / "python"
    campus.write_text(
        '#!/bin/sh\n[ "$3" = backup ] && echo whole > "$4" && exit\n'
        f'test -s "$4" && exit {found}\n'
    )
    campus.chmod(0o755)
    nightly = tmp_path / BACKUP.name
    nightly.write_text(BACKUP.read_text().replace(PYTHON, str(campus)))

    done = subprocess.run(["/bin/sh", str(nightly), str(folder)], check=False)  # noqa: S603

    left = sorted(folder.glob("campus-*.tar"))
    assert done.returncode == found
    assert sum(file.stat().st_size > 0 for file in left) == keeps
    assert left[:13] == (older[2:] if keeps else older[:13])
    assert len(left) == (14 if keeps else 15)


def test_the_example_of_settings_is_accepted(tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_text(KEY)
    lines = (FOLDER / "campus.env").read_text().splitlines()
    values = {
        name: shlex.split(value)[0]
        for name, _, value in (line.lstrip("#").partition("=") for line in lines)
        if name.startswith("CAMPUS_")
    }

    assert Settings.from_env({**values, "CAMPUS_SECRET_KEY_FILE": str(key)}).trusted_proxies == 1
    known = {f"CAMPUS_{field.name.upper()}" for field in fields(Settings)}
    assert {name.removesuffix("_FILE") for name in values} <= known


@pytest.mark.parametrize("shell", ["sh", "bash"])
def test_what_is_said_before_the_command_counts(shell: str, tmp_path: Path) -> None:
    (tmp_path / "env").write_text((FOLDER / "campus.env").read_text())
    script = (FOLDER / "campus").read_text().replace("/etc/campus/campus.env", f"{tmp_path}/env")
    script = re.sub(r"(?m)^cd .*\nexec .*$", "env", script)
    given = {"CAMPUS_DATABASE_URL": "postgresql:///it's here?port=5433", "PGPASSFILE": "/a b"}

    done = subprocess.run(  # noqa: S603 - our own script
        [needed(shell), "-c", script], env=given, capture_output=True, text=True, check=True
    )

    settings = dict(line.partition("=")[::2] for line in done.stdout.splitlines())
    assert given.items() <= settings.items()
    assert settings["CAMPUS_DATA_DIR"] == "/var/lib/campus"


@script
def test_a_command_is_a_script_that_sh_understands(script: Path) -> None:
    assert said(needed("sh"), "-n", str(script)) == ""


def test_nginx_understands_its_file(tmp_path: Path) -> None:
    nginx, openssl = needed("nginx"), needed("openssl")
    names = {"-keyout": "privkey.pem", "-out": "fullchain.pem"}
    files = [word for flag, name in names.items() for word in (flag, str(tmp_path / name))]
    said(openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=x", *files)
    text = (FOLDER / "nginx.conf").read_text().replace("/etc/ssl/campus", str(tmp_path))
    text = re.sub(r"listen (\[::\]:)?(\d+)", lambda found: f"listen 127.0.0.1:{found[2]}99", text)
    text = re.sub(r"(?m)^(\s+listen \S+.*;)\n\s+listen \S+.*;", r"\1", text)  # once is enough
    whole = tmp_path / "nginx.conf"
    logs = f"error_log stderr; pid {tmp_path}/pid;"
    whole.write_text(f"{logs} events {{}} http {{ access_log off; {text} }}")

    assert "test is successful" in said(nginx, "-t", "-p", str(tmp_path), "-c", str(whole))


def test_every_file_is_named_in_the_text() -> None:
    text = (FOLDER.parent / "deploy.md").read_text()

    assert [file.name for file in FOLDER.iterdir() if f"(deploy/{file.name})" not in text] == []


def needed(program: str) -> str:
    """Return where a program is, or leave the test out, loudly."""
    found = shutil.which(program, path="/usr/sbin:/usr/bin:/sbin:/bin")
    if found is None:
        pytest.skip(f"{program} is not installed here: this file was not checked by it")
    return found


def said(*command: str) -> str:
    """Run a program that ends well, and return what it complained about."""
    done = subprocess.run(  # noqa: S603 - programs of the machine over files of our own
        command, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stderr
