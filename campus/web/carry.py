"""A form whose sender turned out not to be signed in: kept, signed, until somebody is.

It is shown again, filled in, and never sent by itself. The value is no permission: whoever holds
it can only see the form with these fields, as a link to the form could fill it too.
"""

from __future__ import annotations

import re
from collections.abc import Container
from urllib.parse import urlsplit

from flask import current_app, g, request, url_for
from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer
from werkzeug.datastructures import MultiDict
from werkzeug.urls import iri_to_uri

from campus.web.security import safe_target

VALID_FOR = 60 * 60  # seconds
MOST_FIELDS = 20
MOST_BYTES = 4096
LONGEST_NEXT = 2000  # characters of an address to go back to
LONGEST_VALUE = 3000  # as signed; with the address around it, less than servers accept
FIELD = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,39}")
NEVER = re.compile(r"pass|token|secret|^carry$|^next$", re.IGNORECASE)

_pages: dict[str, str] = {}


def form_page(*, endpoint: str, page: str) -> None:
    """Name the page that shows the form which `endpoint` takes, with the same parts of address."""
    _pages[endpoint] = page


def waiting_form(*, but: Container[str] = ()) -> str | None:
    """Return the form being sent now as a signed value, if it has a page to be shown on.

    Args:
        but: names of fields that are left out.
    """
    page = _pages.get(request.endpoint or "")
    if page is None or request.method != "POST":
        return None
    path = url_for(page, **(request.view_args or {}))
    fields = [field for field in kept(request.form) if field[0] not in but]
    value = _signer().dumps([_without_language(path), fields])
    while fields and len(value) > LONGEST_VALUE:
        fields.remove(max(fields, key=lambda field: len(field[1])))
        value = _signer().dumps([_without_language(path), fields])
    return str(value)


def page_with(value: str | None) -> str | None:
    """Return the address that shows a kept form; after an hour, the empty form."""
    if not value:
        return None
    try:
        path, _fields = _signer().loads(value, max_age=VALID_FOR)
    except SignatureExpired:
        path, _fields = _signer().loads(value)
        return f"/{g.lang}/{path}"
    except BadSignature:
        return None
    return f"/{g.lang}/{path}?carry={value}"


def carried_form() -> MultiDict[str, str] | None:
    """Return the fields that were kept for the page asked for now, to fill its form with."""
    try:
        path, fields = _signer().loads(request.args.get("carry", ""), max_age=VALID_FOR)
    except BadSignature:
        return None
    if path != _without_language(request.path):
        return None
    return MultiDict([(name, value) for name, value in fields])


def came_from() -> str | None:
    """Return the page to go back to: this one, or the one whose form or script asked."""
    if request.method in {"GET", "HEAD"} and "HX-Request" not in request.headers:
        here = iri_to_uri(request.full_path.removesuffix("?"))
        return here if len(here) <= LONGEST_NEXT else iri_to_uri(request.path)
    page = urlsplit(request.headers.get("HX-Current-URL") or request.referrer or "")
    where = page.path + (f"?{page.query}" if page.query else "")
    is_ours = page.netloc == request.host and len(where) <= LONGEST_NEXT
    return safe_target(where) if is_ours else None


def kept(form: MultiDict[str, str]) -> list[tuple[str, str]]:
    """Return what of a form is kept: few fields, little text, nothing secret."""
    fields: list[tuple[str, str]] = []
    size = 0
    for name, value in form.items(multi=True):
        if len(fields) == MOST_FIELDS:
            break
        size_with = size + len(name) + len(value.encode())
        if FIELD.fullmatch(name) and not NEVER.search(name) and size_with <= MOST_BYTES:
            fields.append((name, value))
            size = size_with
    return fields


def _without_language(path: str) -> str:
    return path.split("/", 2)[-1]


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.secret_key or "", salt="campus.carry")
