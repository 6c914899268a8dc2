"""What a manifest promises is compared with what is there."""

from __future__ import annotations

import json
import tarfile
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask

from campus.errors import CampusError
from campus.settings import Settings
from tests.backups.conftest import back_up, check, rewritten


def test_fewer_rows_than_there_were_are_refused(app: Flask, campus: Settings, file: Path) -> None:
    said = back_up(file, campus)
    other = {**json.loads(said.written()), "rows": {**said.rows, "booking": 7}}
    rewritten(file, file.with_name("other.tar"), manifest=json.dumps(other).encode())

    with pytest.raises(CampusError, match="booking has 1 rows and had 7"):
        check(file.with_name("other.tar"), app)


def test_a_manifest_of_a_giant_is_refused(campus: Settings, file: Path, app: Flask) -> None:
    entry = tarfile.TarInfo("manifest.json")
    data = b" " * (65 << 20)
    entry.size = len(data)
    with tarfile.open(file, "w") as tar:
        tar.addfile(entry, BytesIO(data))

    with pytest.raises(CampusError, match="larger than any"):
        check(file, app)
