"""What an import comes to, as people and programs read it."""

from __future__ import annotations

from collections.abc import Sequence

from campus.errors import Text, text_plural
from campus.roomlist.models import Asked, Plan
from campus.spaces.policy import KINDS
from campus.web.commands import remarks, remarks_data, section
from campus.web.templating import in_words


def words(value: Text | str) -> str:
    """Return words in the language that is being written."""
    return str(in_words(value))


def summary(plan: Plan) -> list[Text]:
    """Return what happens to how many."""
    found = [
        text_plural("%(num)s new building", "%(num)s new buildings", num=len(plan.buildings)),
        text_plural("%(num)s new floor", "%(num)s new floors", num=len(plan.floors)),
        text_plural("%(num)s new space", "%(num)s new spaces", num=len(plan.added)),
        text_plural("%(num)s changed space", "%(num)s changed spaces", num=len(plan.changed)),
        text_plural("%(num)s unchanged space", "%(num)s unchanged spaces", num=plan.unchanged),
    ]
    return [one for one in found if one.values["num"]]


# --- for a command ----------------------------------------------------------------------------


def told(asked: Asked, plan: Plan, notices: Sequence[Text], *, is_done: bool) -> str:
    """Return all that an import did, or would do, as lines."""
    lines = [f"Read as {words(asked.read_as)}."]
    lines += section("Left out by the map", [f"{n} by {why}" for why, n in asked.left_out.items()])
    if asked.unread:
        lines.append(f"Columns that are not read: {', '.join(asked.unread)}.")
    lines += section("New buildings", [f"{one.code}  {one.name}" for one in plan.buildings])
    lines += section("New floors", [f"{one.code}  {one.name}" for one in plan.floors])
    lines += section("New spaces", _added(plan))
    lines += section("Changed spaces", _changed(plan))
    lines += section("On the campus and not in the list; they stay as they are", plan.absent)
    lines += section("Warnings", remarks(plan.warnings))
    lines += section("What holds from now on", [words(one) for one in notices])
    lines.append(f"{', '.join(words(one) for one in summary(plan))}.")
    done = "Imported." if plan.added or plan.changed else "Nothing had to change."
    lines.append(done if is_done else "Dry run: nothing was imported.")
    return "\n".join(lines)


def _added(plan: Plan) -> list[str]:
    return [
        ", ".join(words(part) for part in (one.code, one.name, KINDS[one.kind], one.place) if part)
        for one in plan.added
    ]


def _changed(plan: Plan) -> list[str]:
    return [
        f"{change.code}: "
        + "; ".join(
            f"{words(one.field)} {words(one.old)} → {words(one.new)}" for one in change.differences
        )
        for change in plan.changed
    ]


# --- for programs -----------------------------------------------------------------------------


def data(asked: Asked, plan: Plan, notices: Sequence[Text], *, is_done: bool) -> dict[str, object]:
    """Return all that an import did, or would do, as JSON has it."""
    return {
        "imported": is_done,
        "read_as": str(asked.read_as),
        "left_out": dict(asked.left_out),
        "unread_columns": [*asked.unread],
        "buildings": [{"code": one.code, "name": one.name} for one in plan.buildings],
        "floors": [
            {"code": one.code, "name": one.name, "building": one.building, "level": one.level}
            for one in plan.floors
        ],
        "added": [
            {"code": one.code, "name": one.name, "kind": one.kind.value} for one in plan.added
        ],
        "changed": [
            {
                "code": change.code,
                "differences": [
                    {"field": str(one.field), "old": str(one.old), "new": str(one.new)}
                    for one in change.differences
                ],
            }
            for change in plan.changed
        ],
        "unchanged": plan.unchanged,
        "not_in_the_list": [*plan.absent],
        "warnings": remarks_data(plan.warnings),
        "notices": [str(one) for one in notices],
        "mistakes": [],
    }
