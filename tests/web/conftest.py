"""Who asks in these tests."""

from __future__ import annotations

from collections.abc import Iterator

import flask_migrate
import pytest
from flask import Flask
from flask.testing import FlaskClient

from campus.app import create_app
from campus.db import db
from campus.members.models import Actor
from campus.settings import Settings
from tests.conftest import KEY
from tests.factories import (
    make_member,
    sign_in,
)
from tests.members.doors import (
    is_signed_in,
    with_password,
)
from tests.web.surface import CAMPUS


@pytest.fixture
def member(app: Flask) -> Actor:
    """A member with a password."""
    return with_password(make_member())


@pytest.fixture
def signed_in(client: FlaskClient, member: Actor) -> FlaskClient:
    """A browser in which a member is signed in."""
    sign_in(client, member)
    assert is_signed_in(client)
    return client


@pytest.fixture(scope="module")
def https_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """An application that people reach over TLS, behind one proxy."""
    file = tmp_path_factory.mktemp("https") / "campus.sqlite3"
    app = create_app(
        Settings(
            secret_key=KEY,
            database_url=f"sqlite:///{file}",
            base_url=CAMPUS,
            trusted_proxies=1,
        )
    )
    with app.app_context():
        flask_migrate.upgrade()
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
