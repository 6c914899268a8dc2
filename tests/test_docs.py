"""The documentation is complete: nothing is left out, and links lead somewhere."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from dataclasses import MISSING, Field, fields
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from campus.app import cli
from campus.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
FOLDERS_OF_OTHERS = {".venv", ".git", "node_modules", ".pytest_cache", ".hypothesis"}
PAGES = sorted(
    path
    for path in ROOT.rglob("*.md")
    if not FOLDERS_OF_OTHERS & set(path.relative_to(ROOT).parts)
)
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
TARGET_IN_TEXT = re.compile(r"`(?:\w+=\S+ )*make ([a-z][a-z-]*)")


def test_every_setting_is_documented_as_the_code_says_it() -> None:
    documented = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")

    missing = [row for row in rows_of_settings() if row not in documented.splitlines()]

    assert missing == []


def test_no_setting_is_documented_that_does_not_exist() -> None:
    documented = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")

    named = set(re.findall(r"^\| `(CAMPUS_\w+)`", documented, flags=re.MULTILINE))

    assert named == {variable(field) for field in fields(Settings)}


def test_every_command_explains_itself_and_is_documented() -> None:
    text = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)

    silent = [name for name, command in commands(cli) if not explains_itself(command)]
    untold = [name for name, _ in commands(cli) if f"campus {name}" not in text]

    assert (silent, untold) == ([], [])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")

    broken = [link for link in LINK.findall(text) if not leads_somewhere(page, link)]

    assert broken == []


def test_every_make_target_that_is_named_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, flags=re.MULTILINE))

    named = {
        target
        for page in PAGES
        for target in TARGET_IN_TEXT.findall(page.read_text(encoding="utf-8"))
    }

    assert named <= targets


def test_the_architecture_page_names_every_package() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    packages = {path.parent.name for path in (ROOT / "campus").glob("*/__init__.py")}
    packages |= {path.stem for path in (ROOT / "campus").glob("*.py")} - {"__init__"}

    assert {name for name in packages if f"| `{name}` |" not in text} == set()


def test_the_architecture_page_names_every_layer() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    config = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    inside, between, _ = config["tool"]["importlinter"]["contracts"]
    rows = [row.split("  ")[0].strip() for row in text.splitlines()]

    layers = [
        row.replace("(", "").replace(")", "") for row in inside["layers"] + between["layers"]
    ]

    assert [layer for layer in layers if layer not in rows] == []


def test_decisions_are_numbered_without_gaps() -> None:
    names = sorted(path.name for path in (ROOT / "docs" / "decisions").glob("*.md"))

    assert [int(name[:4]) for name in names] == list(range(1, len(names) + 1))


def rows_of_settings() -> Iterator[str]:
    """Yield the table row of each setting: its variable, its default and the comment above it."""
    source = (ROOT / "campus" / "settings.py").read_text(encoding="utf-8")
    lines = source.splitlines()
    settings = next(
        node
        for node in ast.parse(source).body
        if isinstance(node, ast.ClassDef) and node.name == "Settings"
    )
    for node, field in zip(
        (node for node in settings.body if isinstance(node, ast.AnnAssign)),
        fields(Settings),
        strict=True,
    ):
        comment = lines[node.lineno - 2].strip().removeprefix("# ")
        yield f"| `{variable(field)}` | {default_of(field)} | {comment} |"


def variable(field: Field[object]) -> str:
    return f"CAMPUS_{field.name.upper()}"


def default_of(field: Field[object]) -> str:
    if field.default is MISSING:
        return "written at the first start"
    value = field.default
    if isinstance(value, bool):
        return f"`{'on' if value else 'off'}`"
    shown = ",".join(value) if isinstance(value, tuple) else str(value)
    return f"`{shown}`" if shown else "empty"


def commands(group: click.Group, prefix: str = "") -> Iterator[tuple[str, click.Command]]:
    """Yield every command below `group` by the words that call it."""
    for name, command in sorted(group.commands.items()):
        if isinstance(command, click.Group):
            yield from commands(command, f"{prefix}{name} ")
        else:
            yield f"{prefix}{name}", command


def explains_itself(command: click.Command) -> bool:
    answer = CliRunner().invoke(command, ["--help"])
    return answer.exit_code == 0 and bool(command.help)


def leads_somewhere(page: Path, link: str) -> bool:
    """Return whether a relative link has its file and heading; others are not followed."""
    if "://" in link or link.startswith("mailto:"):
        return True
    name, _, anchor = link.partition("#")
    target = page if not name else (page.parent / name)
    return target.exists() and (not anchor or anchor in anchors(target))


def anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {
        re.sub(r"[^\w\- ]", "", heading).strip().lower().replace(" ", "-") for heading in headings
    }
