"""Settings: every mistake at once, and none that starts."""

from __future__ import annotations

from pathlib import Path

import pytest

from campus.app import create_app
from campus.settings import RUN_FILE, WEAK_KEYS, Settings, SettingsError
from tests.conftest import KEY

GOOD = {"CAMPUS_SECRET_KEY": KEY}


def test_defaults_need_a_key_alone() -> None:
    settings = Settings.from_env(GOOD)

    assert settings.languages == ("nl", "en")
    assert settings.zone == "Europe/Amsterdam"


@pytest.mark.parametrize(
    ("kept", "more", "address"),
    [
        ("http://127.0.0.1:8123", {}, "http://127.0.0.1:8123"),
        ("http://127.0.0.1:8123", {"CAMPUS_BASE_URL": "https://here.nl"}, "https://here.nl"),
        ("", {}, "http://127.0.0.1:8000"),
        ("https://elsewhere.example", {}, "http://127.0.0.1:8000"),
    ],
)
def test_without_an_address_it_is_where_the_data_is_served(
    tmp_path: Path, kept: str, more: dict[str, str], address: str
) -> None:
    (tmp_path / RUN_FILE).write_text(kept, encoding="utf-8")

    settings = Settings.from_env({**GOOD, **more, "CAMPUS_DATA_DIR": str(tmp_path)})

    assert settings.base_url == address


def test_a_data_folder_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / RUN_FILE).mkdir()

    with pytest.raises(SettingsError, match=r"CAMPUS_DATA_DIR: .*run.lock cannot be read"):
        Settings.from_env({**GOOD, "CAMPUS_DATA_DIR": str(tmp_path)})


def test_every_mistake_is_told_at_once() -> None:
    wrong = {
        "CAMPUS_SECRET_KEY": "short",
        "CAMPUS_BASE_URL": "ftp://campus.example",
        "CAMPUS_DATABASE_URL": "mysql://campus",
        "CAMPUS_TRUSTED_PROXIES": "-1",
        "CAMPUS_ZONE": "Mars/Olympus",
        "CAMPUS_LANGUAGES": "nl,de",
        "CAMPUS_MAIL_URL": "imap://mail.example",
        "CAMPUS_MAIL_FROM": "nobody",
    }

    with pytest.raises(SettingsError) as refused:
        Settings.from_env(wrong)

    assert [line.partition(":")[0] for line in str(refused.value).splitlines()] == [*wrong]


def test_what_cannot_be_read_hides_no_other_mistake(tmp_path: Path) -> None:
    wrong = {
        "CAMPUS_SECRET_KEY_FILE": str(tmp_path / "nothing"),
        "CAMPUS_TRUSTED_PROXIES": "many",
        "CAMPUS_BASE_URL": "http://[",
        "CAMPUS_MAIL_URL": "smtp://[",
    }

    with pytest.raises(SettingsError) as refused:
        Settings.from_env(wrong)

    assert [line.partition(":")[0] for line in str(refused.value).splitlines()] == [*wrong]


@pytest.mark.parametrize("key", sorted(WEAK_KEYS))
def test_a_well_known_key_never_starts(key: str) -> None:
    with pytest.raises(SettingsError, match="CAMPUS_SECRET_KEY"):
        Settings.from_env({"CAMPUS_SECRET_KEY": key})
    with pytest.raises(SettingsError, match="CAMPUS_SECRET_KEY"):
        create_app(Settings(secret_key=key))


def test_a_number_that_is_none_is_told_in_words() -> None:
    with pytest.raises(SettingsError, match="CAMPUS_TRUSTED_PROXIES: 'many' is not a whole"):
        Settings.from_env({**GOOD, "CAMPUS_TRUSTED_PROXIES": "many"})


def test_plain_http_is_for_this_machine_alone() -> None:
    with pytest.raises(SettingsError, match="https"):
        Settings.from_env({**GOOD, "CAMPUS_BASE_URL": "http://campus.example"})


def test_a_value_can_stand_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text(f"{KEY}\n")

    assert Settings.from_env({"CAMPUS_SECRET_KEY_FILE": str(file)}).secret_key == KEY


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="CAMPUS_SECRET_KEY_FILE"):
        Settings.from_env({"CAMPUS_SECRET_KEY_FILE": str(tmp_path / "nothing")})
