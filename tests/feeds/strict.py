"""A check of calendar text line by line, by RFC 5545 and 7986: what parsers forgive is found here.

It knows nothing of the code that writes: no icalendar, no constants of campus.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import NamedTuple

LINE = re.compile(
    r"(?P<name>[A-Z][A-Z0-9-]*)(?P<params>(?:;[A-Z-]+=(?:\"[^\"]*\"|[^\";:,]*))*):(?P<value>.*)",
    re.DOTALL,
)
TEXT = re.compile(r"(?:[^\\;,\n]|\\[\\;,nN])*")
LOCAL, UTC, DATE = r"\d{8}T\d{6}", r"\d{8}T\d{6}Z", r"\d{8}"
TEXTS = {"SUMMARY", "DESCRIPTION", "LOCATION", "NAME", "X-WR-CALNAME", "UID"}
ONCE = {"UID", "DTSTAMP", "DTSTART", "DTEND", "SEQUENCE", "SUMMARY", "STATUS", "TRANSP"}
NOT_IN_FEEDS = {"METHOD", "ATTENDEE", "ORGANIZER"}


class Property(NamedTuple):
    """A logical line."""

    name: str
    params: str
    value: str


def mistakes(body: bytes) -> list[str]:
    """Return what is wrong with a feed; nothing when all is well."""
    found = _of_bytes(body)
    lines = _unfolded(body)
    properties = []
    for line in lines:
        match = LINE.fullmatch(line)
        if match is None:
            found.append(f"not a property: {line[:60]!r}")
            continue
        properties.append(Property(match["name"], match["params"], match["value"]))
    return found + _of_structure(properties) + _of_values(properties)


def _of_bytes(body: bytes) -> list[str]:
    return _of_the_whole(body) + [
        mistake for line in body.split(b"\r\n")[:-1] for mistake in _of_a_line(line)
    ]


def _of_the_whole(body: bytes) -> list[str]:
    found = []
    if body.startswith(b"\xef\xbb\xbf"):
        found.append("begins with a byte order mark")
    if not body.endswith(b"\r\n"):
        found.append("does not end with a line end")
    if re.search(rb"\r(?!\n)|(?<!\r)\n", body):
        found.append("a bare CR or LF")
    if re.search(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", body):
        found.append("a control character")
    return found


def _of_a_line(line: bytes) -> list[str]:
    found = []
    if len(line) > 75:
        found.append(f"a line of {len(line)} octets")
    if not line:
        found.append("an empty line")
    try:
        line.decode()
    except UnicodeDecodeError:
        found.append("a line folded within a character")
    return found


def _unfolded(body: bytes) -> list[str]:
    text = body.replace(b"\r\n ", b"").decode(errors="replace")
    return text.split("\r\n")[:-1]


def _of_structure(properties: list[Property]) -> list[str]:
    found: list[str] = []
    stack: list[tuple[str, Counter[str]]] = []
    for name, _params, value in properties:
        if name == "BEGIN":
            stack.append((value, Counter()))
        elif name == "END":
            begun, seen = stack.pop() if stack else ("nothing", Counter())
            found += _of_a_part(value, begun, seen)
        elif stack:
            stack[-1][1][name] += 1
        if name in NOT_IN_FEEDS or value in {"VALARM", "VTODO"}:
            found.append(f"{name}:{value} in a feed")
    return [*found, "something is not ended"] if stack else found


def _of_a_part(ended: str, begun: str, seen: Counter[str]) -> list[str]:
    if ended != begun:
        return [f"END:{ended} where {begun} was begun"]
    if ended != "VEVENT":
        return []
    missing = {"UID", "DTSTAMP", "DTSTART"} - set(seen)
    often = sorted(name for name in ONCE if seen[name] > 1)
    return [f"no {name}" for name in sorted(missing)] + [f"{name} twice" for name in often]


def _of_values(properties: list[Property]) -> list[str]:
    found = []
    zones = [one.value for one in properties if one.name == "TZID"]
    if len(zones) != len(set(zones)):
        found.append("a time zone twice")
    for name, params, value in properties:
        if name in TEXTS and not TEXT.fullmatch(value):
            found.append(f"{name} is not escaped: {value[:60]!r}")
        if name in {"DTSTAMP", "LAST-MODIFIED"} and not re.fullmatch(UTC, value):
            found.append(f"{name} is not in UTC")
        if name in {"DTSTART", "DTEND", "EXDATE"}:
            found += _of_time(name, params, value, zones)
        if name == "REFRESH-INTERVAL" and "VALUE=DURATION" not in params:
            found.append("REFRESH-INTERVAL without its type")
        if name == "VERSION" and value != "2.0":
            found.append(f"version {value}")
    names = {one.name for one in properties}
    found += [f"no {one}" for one in sorted({"VERSION", "PRODID"} - names)]
    return found


def _of_time(name: str, params: str, value: str, zones: list[str]) -> list[str]:
    if "VALUE=DATE" in params:
        return [] if re.fullmatch(DATE, value) else [f"{name} is not a date: {value}"]
    zone = re.search(r";TZID=([^;:]+)", params)
    if zone is None:
        # The observances of a VTIMEZONE are local by nature, and begin in 1970.
        is_local = re.fullmatch(LOCAL, value) is not None and value.startswith("1970")
        return [] if re.fullmatch(UTC, value) or is_local else [f"{name} is floating: {value}"]
    found = [] if zone[1] in zones else [f"{name} in an unknown zone {zone[1]}"]
    return found if re.fullmatch(LOCAL, value) else [*found, f"{name} is no local time: {value}"]
