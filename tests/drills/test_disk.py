"""A disk that is full under load: reading goes on, and booking as soon as there is room."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from http import HTTPStatus
from pathlib import Path

import pytest

from tests.drills.cluster import servers
from tests.drills.conftest import counted
from tests.drills.counting import assert_all_is_there_once, people_with_rooms
from tests.drills.crowd import booking
from tests.drills.waiting import until
from tests.trouble.serving import Browser, Campus

CLIENTS = 2
UNAVAILABLE = HTTPStatus.SERVICE_UNAVAILABLE.phrase
READING = ["/en/", "/en/me", "/en/book", "/en/spaces/room-0"]
MEGABYTE = 1 << 20

pytestmark = [
    pytest.mark.drill,
    pytest.mark.skipif(os.geteuid() != 0, reason="only root makes a small disk: not drilled here"),
]


class Disk:
    """A small file system in memory."""

    def __init__(self, folder: Path) -> None:
        self.folder, self._ballast = folder, folder / "ballast"

    def fill(self) -> None:
        """Let others write until nothing is left; what they delete is taken too."""
        with self._ballast.open("ab", buffering=0) as file:
            try:
                while True:
                    file.write(b"\0" * 4096)
            except OSError:
                return

    def make_room(self) -> None:
        """Delete what filled it."""
        self._ballast.unlink()


@pytest.fixture
def disk(request: pytest.FixtureRequest) -> Iterator[Disk]:
    """A disk of its own, with so many megabytes."""
    folder = Path(tempfile.mkdtemp(prefix="campus-disk-"))  # where PostgreSQL's account comes
    folder.chmod(0o755)
    mount("-t", "tmpfs", "-o", f"size={request.param}m,mode=755", "campus-drill", str(folder))
    yield Disk(folder)
    mount("--lazy", str(folder), program="umount")
    folder.rmdir()


def mount(*arguments: str, program: str = "mount") -> None:
    """Mount or unmount, or leave the test out, loudly, where even root may not."""
    found = shutil.which(program)
    assert found
    done = subprocess.run(  # noqa: S603 - a disk of our own
        [found, *arguments], capture_output=True, text=True, check=False
    )
    if done.returncode:
        pytest.skip(f"no small disk can be made here: {done.stderr.strip()}")


@pytest.mark.parametrize("disk", [8], indirect=True)
def test_on_sqlite(disk: Disk, serve: Callable[[str], Campus]) -> None:
    drill(f"sqlite:///{disk.folder}/campus.sqlite3", disk, serve, recover=lambda: None)


@pytest.mark.parametrize("disk", [160], indirect=True)
def test_on_postgresql(disk: Disk, serve: Callable[[str], Campus]) -> None:
    with servers(number=1, parent=disk.folder) as (server,):
        server.make()

        def recover() -> None:
            """Start it again where it ended itself: it cannot write what it must."""
            if not server.runs():
                server.start()

        drill(server.url, disk, serve, recover=recover)


def drill(
    url: str, disk: Disk, serve: Callable[[str], Campus], *, recover: Callable[[], None]
) -> None:
    """Let people book while the disk runs full and is emptied again; then count."""
    with counted(url) as app:
        people = people_with_rooms(CLIENTS)
        campus = serve(url)
        reader = Browser(campus, people[0].email)
        with booking(campus, people) as crowd:
            crowd.wait_for(10)
            disk.fill()
            until(lambda: fills(disk, crowd.unheard[UNAVAILABLE] >= 2 * CLIENTS))
            read = [campus.ask("GET", path, cookie=reader.cookie).status for path in READING]
            disk.make_room()
            recover()
            crowd.wait_for(10)

        assert {*read} == {200}
        assert set(crowd.unheard) == {UNAVAILABLE}
        assert_all_is_there_once(crowd.confirmed, app)


def fills(disk: Disk, is_enough: bool) -> bool:
    """Take what room is left, until it is enough."""
    disk.fill()
    return is_enough
