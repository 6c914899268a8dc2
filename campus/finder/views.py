"""The Book page."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

finder = Blueprint("finder", __name__, url_prefix="/<language:lang>")


@finder.get("/book")
def book() -> ResponseReturnValue:
    """Show what is free."""
    return ""
