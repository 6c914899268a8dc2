"""Compiles the catalogues and, in a real wheel, puts the sibling folders inside the package."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

# Beside the package in a checkout, inside it once installed; `campus.app.folder` knows both.
SIBLINGS = ("templates", "static", "migrations")


class CampusHook(BuildHookInterface[Any]):
    """What a build of campus does beyond copying Python files."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Prepare the files before they are collected; `version` is "standard" or "editable"."""
        if version == "standard":
            build_data["force_include"].update({name: f"campus/{name}" for name in SIBLINGS})
        for source in sorted(Path(self.root, "campus", "translations").glob("*/*/messages.po")):
            compile_catalogue(source)


def compile_catalogue(source: Path) -> None:
    """Write the compiled catalogue of `source` in one step, so that no reader sees half of it."""
    with source.open("rb") as file:
        catalogue = read_po(file, locale=source.parts[-3])
    unfinished = source.with_suffix(".mo.new")
    with unfinished.open("wb") as file:
        write_mo(file, catalogue)
    unfinished.replace(source.with_suffix(".mo"))
