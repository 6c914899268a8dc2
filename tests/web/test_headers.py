"""What every answer tells a browser."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from campus.members.models import Actor
from tests.factories import (
    make_staff,
    sign_in,
)
from tests.members.doors import (
    PLACE,
)
from tests.web.surface import (
    CAMPUS,
    addresses,
    booked,
    every_answer,
)

# --- what a browser is told ----------------------------------------------------------------------


def test_every_answer_carries_the_headers(
    signed_in: FlaskClient, app: Flask, member: Actor
) -> None:
    nonces: set[str] = set()
    statuses: set[int] = set()
    answers = list(every_answer(app, member, signed_in))

    for address, answer in answers:
        headers = answer.headers  # type: ignore[attr-defined]
        statuses.add(answer.status_code)  # type: ignore[attr-defined]
        policy = headers["Content-Security-Policy"]
        nonces |= set(re.findall(r"'nonce-([\w-]+)'", policy))
        without = re.sub(r" 'nonce-[\w-]+'", "", policy)
        for directive in (
            "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:",
            "font-src 'self'", "connect-src 'self'", "form-action 'self'", "base-uri 'none'",
            "frame-ancestors 'none'", "object-src 'none'",
        ):  # fmt: skip
            assert directive in without.split("; "), (address, directive)
        assert "unsafe" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff", address
        is_feed = address.startswith("/feeds/")  # its address is a secret
        told = "no-referrer" if is_feed else "same-origin"
        assert headers["Referrer-Policy"] == told, address
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin", address
        assert "camera=()" in headers["Permissions-Policy"], address
        assert "Server" not in headers
        assert not [name for name, _value in headers if name.startswith("Access-Control")], address

    assert len(nonces) == len(answers)
    assert {200, 303, 400, 403, 404, 405, 413, 414, 500} <= statuses


def test_a_page_with_somebody_in_it_is_kept_by_no_cache(
    signed_in: FlaskClient, app: Flask, member: Actor
) -> None:
    pages = [*addresses(app, "GET"), *booked(member)]
    shown = [(page, signed_in.get(page)) for page in pages]

    for page, answer in shown:
        if answer.mimetype == "text/html" and answer.status_code != 302:
            assert "no-store" in answer.headers["Cache-Control"], page
            assert "private" in answer.headers["Cache-Control"], page
            assert "Cookie" in answer.headers["Vary"], page
    assert [page for page, answer in shown if answer.status_code == 200]


def test_over_tls_browsers_are_told_to_stay_there(https_app: Flask, client: FlaskClient) -> None:
    secure = FlaskClient(https_app).get("/nl/sign-in", base_url=CAMPUS)

    assert secure.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert "Strict-Transport-Security" not in client.get("/nl/sign-in").headers


@pytest.mark.parametrize("origin", ["https://evil.example", "null"])
def test_no_other_origin_may_read(signed_in: FlaskClient, origin: str) -> None:
    answers = [
        signed_in.get(PLACE, headers={"Origin": origin}),
        signed_in.options(
            PLACE, headers={"Origin": origin, "Access-Control-Request-Method": "POST"}
        ),
    ]

    assert answers[0].status_code == 200
    for answer in answers:
        assert not [name for name, _value in answer.headers if name.startswith("Access-Control")]


def test_no_page_holds_a_handler_a_style_or_a_foreign_script(
    signed_in: FlaskClient, app: Flask, member: Actor
) -> None:
    inline = re.compile(r"(?i)<[^>]*\s(?:on\w+|style|hx-on[\w:-]*)\s*=|javascript:|\bjs:")
    sources = re.compile(r'<(?:script|link|img|iframe)[^>]*(?:src|href)="([^"]*)"', re.IGNORECASE)
    staff = app.test_client()
    sign_in(staff, make_staff())
    pages = [*addresses(app, "GET"), *booked(member)]

    for browser in (signed_in, staff, app.test_client()):
        for page in pages:
            shown = browser.get(page).text
            assert inline.search(shown) is None, (page, inline.search(shown))
            assert all(one.startswith(("/", "data:")) for one in sources.findall(shown)), page


def test_a_part_of_a_page_needs_what_the_page_needs(app: Flask, client: FlaskClient) -> None:
    for page in addresses(app, "GET"):
        whole = client.get(page)
        part = client.get(page, headers={"HX-Request": "true"})
        if whole.status_code == 303 and "/sign-in" in str(whole.location):
            assert part.status_code == 401, page
        else:
            assert part.status_code == whole.status_code, page
