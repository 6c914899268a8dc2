"""How an entry is written down and chained."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime, timedelta

SEAL_AFTER = timedelta(minutes=1)  # longer than a writing transaction may last
BEGINNING = "0" * 64


def written(details: dict[str, str | int | None]) -> str:
    """Return details as one JSON object, always spelt alike; nothing for none."""
    return json.dumps(details, sort_keys=True, ensure_ascii=False) if details else ""


def digest(before: str, *, entry_id: int, at: datetime, deed: Sequence[str | int | None]) -> str:
    """Return the digest that seals an entry and everything sealed before it.

    Args:
        deed: what else the entry says, in a fixed order.
    """
    content = json.dumps([before, entry_id, at.isoformat(), *deed], ensure_ascii=False)
    return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()
