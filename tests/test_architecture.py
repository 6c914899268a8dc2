"""The rules of the house that import contracts, ruff and mypy cannot see."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
CAMPUS = ROOT / "campus"
NOT_SLICES = {"db", "demo", "web", "translations"}
SLICES = {path.parent.name for path in CAMPUS.glob("*/__init__.py")} - NOT_SLICES
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
INSIDE, BETWEEN, _ = CONTRACTS["contracts"]
SHARED = {"models", "queries", "policy", "service", "login", "faults"}
SHARED_BY_SLICE = {
    "occupancy": SHARED | {"rules"},  # `Owner` is the ledger's vocabulary
    "landscape": SHARED | {"pages"},  # its picture stands in the front page of `home`
    # Feeds hand on what bookings say in calendars; imports set rules aside, and say which.
    "bookings": SHARED | {"calendar", "verdict"},
}
LONGEST_FILE = 300

PYTHON = ("campus/**/*.py", "migrations/**/*.py", "benchmarks/**/*.py")
PAGES = ("templates/**/*.html",)
ASSETS = ("static/js/*.js", "static/css/*.css", "docs/**/*.md")
NEVER = ("reservation", "resource", "lease", "company", "user")


@dataclass(frozen=True)
class Banned:
    """Something that may not be written, and where it still may."""

    pattern: str
    where: tuple[str, ...]
    but: tuple[str, ...] = ()


BANNED = {
    "a view, a service or a query that asks which database it is on": Banned(
        r"dialect\.name|\bstartswith\(\(?\s*[\"'](?:sqlite|postgres)",
        PYTHON,
        (
            "campus/db/dialects.py",
            "campus/db/copies.py",  # SQLite copies itself, PostgreSQL is dumped
            "campus/db/faults.py",
            "campus/db/engines.py",
            "campus/db/types.py",  # SQLAlchemy hands the dialect to a column type
            "campus/settings.py",  # says which URLs there are
            "migrations/ddl.py",
            "migrations/env.py",
            "benchmarks/",  # compare both with their limits, in SQL
        ),
    ),
    "a commit outside the unit of work": Banned(
        r"\.commit\(", PYTHON, ("campus/db/__init__.py", "migrations/env.py", "benchmarks/")
    ),
    "a schema that is not made by migrations": Banned(
        r"\bcreate_all\(", (*PYTHON, "tests/**/*.py")
    ),
    "INSERT OR REPLACE, which removes rows without asking": Banned(
        r"(?i)insert\s+or\s+replace|prefix_with\(\s*.or\b", PYTHON
    ),
    "SQL put together from text": Banned(r"\btext\(\s*f[\"']", ("campus/**/*.py",)),
    "a form that assigns fields nobody named": Banned(r"\.populate_obj\(", PYTHON),
    "a door that fetches by key, past the query that knows the actor": Banned(
        r"session\.get\(|get_or_404\(",
        ("campus/**/views.py", "campus/**/admin.py", "campus/**/api.py"),
    ),
    "text that escapes escaping": Banned(
        r"\|\s*safe\b|\bMarkup\(|render_template_string|autoescape\s+false",
        (*PYTHON, *PAGES),
        ("campus/web/plans.py",),  # drawings of floors, held to a closed list of shapes
    ),
    "an inline handler or a script in an attribute": Banned(
        r"(?i)\shx-on|\son[a-z]+\s*=|javascript:|\bjs:", PAGES
    ),
    "an inline style (mails need them, pages forbid them)": Banned(
        r"(?i)\sstyle\s*=|<style\b", PAGES, ("/mail/", "templates/mail")
    ),
    "an inline script without the answer's nonce": Banned(
        r"(?i)<script(?![^>]*\b(?:src|nonce)\s*=)", PAGES
    ),
    "a marker of work left undone": Banned(r"\b(?:TODO|FIXME|XXX)\b", (*PYTHON, *PAGES, *ASSETS)),
}


def test_the_contracts_name_every_package() -> None:
    modules = {path.stem for path in CAMPUS.glob("*.py")} | SLICES | NOT_SLICES

    assert {name.removeprefix("campus.") for name in INSIDE["containers"]} == SLICES
    assert named_in(BETWEEN) == modules - {"__init__", "translations"}


@pytest.mark.parametrize("name", sorted(SLICES))
def test_a_slice_holds_only_files_with_a_known_name(name: str) -> None:
    files = {path.relative_to(CAMPUS / name).as_posix() for path in sources(CAMPUS / name)}

    assert files <= {f"{stem}.py" for stem in {"__init__", *named_in(INSIDE)}}


@pytest.mark.parametrize("name", sorted(SLICES | {"demo"}))
def test_a_slice_imports_only_what_another_shares(name: str) -> None:
    private = [
        f"{shown(path)} imports {other}.{part}"
        for path in sources(CAMPUS / name)
        for other, part in imported_parts(path)
        if other in SLICES - {name} and part not in SHARED_BY_SLICE.get(other, SHARED)
    ]

    assert private == []


@pytest.mark.parametrize("what", BANNED)
def test_nobody_writes(what: str) -> None:
    banned = BANNED[what]
    places = [
        f"{shown(path)}:{number}: {line.strip()}"
        for path in files_matching(banned)
        for number, line in enumerate(without_comments(path).splitlines(), 1)
        if re.search(banned.pattern, line)
    ]

    assert places == []


def test_every_function_in_a_test_module_is_a_test_or_used() -> None:
    modules = {path: tree_of(path) for path in sorted((ROOT / "tests").rglob("*.py"))}
    used = {name for tree in modules.values() for name in names_used(tree)}

    idle = [
        f"{shown(path)}: {function.name}"
        for path, tree in modules.items()
        for function in functions(tree)
        if not is_run_by_pytest(function) and function.name not in used
    ]

    assert idle == []


def test_no_file_is_longer_than_its_slice_should_allow() -> None:
    lengths = {
        shown(path): len(path.read_text(encoding="utf-8").splitlines()) for path in sources(CAMPUS)
    }

    assert {path: length for path, length in lengths.items() if length > LONGEST_FILE} == {}


def test_one_word_per_thing() -> None:
    """Names that code defines, texts people read, names of files and addresses."""
    words = [
        f"{shown(path)}: {name}"
        for path in sources(CAMPUS)
        if path != CAMPUS / "members" / "login.py"  # wraps a library that says "user"
        for name in (*names_defined(tree_of(path)), path.stem)
        if words_of(name) & set(NEVER)
    ]
    catalogue = (CAMPUS / "translations" / "en" / "LC_MESSAGES" / "messages.po").read_text("utf-8")
    words += [line for line in catalogue.splitlines() if words_of(line) & set(NEVER)]
    words += [
        shown(path) for path in ROOT.glob("templates/**/*") if words_of(path.stem) & set(NEVER)
    ]

    assert words == []


def named_in(contract: dict[str, list[str]]) -> set[str]:
    """Return the modules that a contract's layers name."""
    return {name.strip(" ()") for layer in contract["layers"] for name in layer.split("|")}


def sources(folder: Path) -> Iterator[Path]:
    yield from sorted(folder.rglob("*.py"))


def shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def files_matching(banned: Banned) -> list[Path]:
    found = {path for pattern in banned.where for path in ROOT.glob(pattern)}
    return sorted(
        path
        for path in found
        if path != Path(__file__).resolve() and not any(part in shown(path) for part in banned.but)
    )


def without_comments(path: Path) -> str:
    """Return the file's text; what a template's comment says is not sent to anybody."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".html":
        return text
    return re.sub(r"\{#.*?#\}", lambda found: "\n" * found[0].count("\n"), text, flags=re.DOTALL)


def imported_parts(path: Path) -> Iterator[tuple[str, str]]:
    """Yield (package, module) for what a file imports from the packages of campus."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        for name in names:
            parts = name.split(".")
            if parts[0] == "campus" and len(parts) > 2:
                yield parts[1], parts[2]


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    yield from (node for node in tree.body if isinstance(node, ast.FunctionDef))


def is_run_by_pytest(function: ast.FunctionDef) -> bool:
    decorators = " ".join(ast.unparse(decorator) for decorator in function.decorator_list)
    return function.name.startswith(("test_", "pytest_")) or "fixture" in decorators


def names_used(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr


def names_defined(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id


def words_of(name: str) -> set[str]:
    """Return the words of a name or a sentence, in lower case, without a plural's s."""
    words = re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)
    return {word.lower() for word in words} | {word.lower().removesuffix("s") for word in words}
