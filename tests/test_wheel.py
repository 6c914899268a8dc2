"""An installed campus has everything that a checkout keeps beside the package."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SIBLINGS = ("templates", "static", "migrations")
PIP = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
LOOK = """
import sys
from pathlib import Path
import campus
from campus.app import create_app, folder
from campus.home import service
from campus.settings import Settings

inside = Path(campus.__file__).resolve().parent
assert inside.is_relative_to(sys.argv[1]), inside
for name in ("templates", "static", "migrations"):
    assert folder(name) == inside / name, folder(name)
here = Path.cwd()
app = create_app(
    Settings(secret_key="k" * 32, database_url=f"sqlite:///{here}/campus.sqlite3", data_dir=here)
)
with app.app_context():
    service.migrate()
with app.test_client() as client:
    dutch = client.get("/nl/sign-in", base_url="http://127.0.0.1:8000")
assert dutch.status_code == 200, dutch.status
assert 'lang="nl"' in dutch.text
assert "Wachtwoord" in dutch.text, "the compiled catalogue was not found"
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel with what the lock installed, without the package index."""
    folder = tmp_path_factory.mktemp("wheel")
    run(*PIP, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), ".")
    return next(folder.glob("campus-*.whl"))


def test_the_wheel_holds_every_file_of_the_sibling_folders(wheel: Path) -> None:
    wanted = {
        f"campus/{path.relative_to(ROOT).as_posix()}"
        for name in SIBLINGS
        for path in (ROOT / name).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    wanted |= {f"campus/translations/{lang}/LC_MESSAGES/messages.mo" for lang in ("nl", "en")}

    with zipfile.ZipFile(wheel) as archive:
        missing = wanted - set(archive.namelist())

    assert missing == set()


def test_an_installed_campus_makes_its_tables_and_answers_in_dutch(
    wheel: Path, tmp_path: Path
) -> None:
    installed = tmp_path / "installed"

    run(*PIP, "install", "--no-deps", "--no-index", "--target", str(installed), str(wheel))
    run(sys.executable, "-c", LOOK, str(installed), cwd=tmp_path, path=installed)


def run(*command: str, cwd: Path = ROOT, path: Path | None = None) -> None:
    """Run a command; its output is what a failure shows."""
    done = subprocess.run(  # noqa: S603 - commands of this file
        command,
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(path or "")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
