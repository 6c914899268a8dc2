"""A space as the finder knows it, made for tests."""

from __future__ import annotations

from datetime import timedelta

from campus.errors import Spoken
from campus.finder.rules import Lot


def lot(number: int = 1, **more: object) -> Lot:
    """Return a desk; `more` says what is otherwise."""
    values: dict[str, object] = {
        "id": number,
        "code": f"1.{number:02}",
        "name": f"1.{number:02}",
        "kind": "desk",
        "audience": "members",
        "floor_id": 1,
        "zone_id": 1,
        "island_id": None,
        "capacity": 1,
        "place": Spoken("", ""),
        "tenant": "",
        "before": timedelta(0),
        "after": timedelta(0),
        "available_from": None,
        "available_until": None,
        "box": None,
        "chair": None,
        "row": None,
        "column": None,
        "position": number,
        "parts": (number,),
    }
    return Lot(**{**values, **more})  # type: ignore[arg-type]  # a builder for tests
