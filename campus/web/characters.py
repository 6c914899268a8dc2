"""Text that is safe where a line is a command: mail headers and calendars."""

from __future__ import annotations

import re

BREAKS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# C0 but tab and line feed, DEL, C1, direction marks and overrides, lone surrogates, the BOM.
HARMFUL = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff]"
)


def visible(text: str) -> str:
    """Return `text` without control and direction characters; lines end with a line feed."""
    return HARMFUL.sub("", BREAKS.sub("\n", text))


def one_line(text: str) -> str:
    """Return `text` as one line: what a header or a name may hold."""
    return " ".join(visible(text).split())
