"""The sign beside a door: which place it is, and a code that leads to its page."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from campus.errors import NotFound, text
from campus.spaces import policy as words
from campus.spaces import queries as spaces
from campus.spaces.models import SpaceState
from campus.web.mails import short_address_of
from campus.web.qr import qr

paper = Blueprint("paper", __name__, url_prefix="/<language:lang>/spaces")


@paper.get("/<code>/sign")
def sign(code: str) -> ResponseReturnValue:
    """Show the sign of a space, to be printed and hung beside its door."""
    space = spaces.space_by_code(code)
    if space.state is SpaceState.RETIRED:
        raise NotFound(text("%(place)s is no longer in use: it has no sign.", place=space.name))
    address = short_address_of(f"spaces/{space.code}")
    return render_template(
        "paper/sign.html",
        space=space,
        kind=words.KINDS[space.kind],
        address=address,
        qr=qr(address),
    )
