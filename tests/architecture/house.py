"""What every guard reads: where the house stands, and its files."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
SRC = ROOT / "src"
HOUSE = SRC / "escale"
TESTS = ROOT / "tests"

WRITTEN = set(".py .html .txt .md .js .css .po .toml .yml .svg .typ .sh .json".split()) | {""}

# From the ground up; a room may use rooms of lower floors only (architecture.md §1).
FLOORS = (
    ("case", "clock"),
    ("ports", "inspection"),
    ("people",),
    ("vault",),
    ("ledger",),
    ("ui",),
    ("steps", "partners"),
    ("portal", "reception", "desk", "hooks", "worker", "simulation"),
    ("cli", "stack", "storyteller"),
    ("config",),
    ("__main__",),
)


def python_files(*folders: Path) -> Iterator[Path]:
    """Python sources under the folders (the product's by default), migrations apart."""
    for folder in folders or (HOUSE,):
        for path in sorted(folder.rglob("*.py")):
            if "migrations" not in path.parts and "__pycache__" not in path.parts:
                yield path


def text_files() -> Iterator[Path]:
    """Every text a person wrote in the checkout: sources, tests, docs, scripts, settings."""
    for folder in ("src", "tests", "docs", "bench", ".ci"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file() and path.suffix in WRITTEN and "__pycache__" not in path.parts:
                yield path
    yield from sorted(path for path in ROOT.glob("*") if path.is_file() and not path.name.startswith("."))


@cache
def tree_of(path: Path) -> ast.Module:
    """Syntax tree of a source file."""
    return ast.parse(path.read_text(), filename=str(path))


def short(path: Path) -> str:
    """Path as people say it, from the root of the checkout."""
    return path.relative_to(ROOT).as_posix()


def room_of(path: Path) -> tuple[str, ...]:
    """Room that owns a file: ``("case",)``, ``("steps", "step3_posted_items")``, ``("partners", "courier")``."""
    parts = path.relative_to(HOUSE).parts
    depth = 2 if parts[0] in {"steps", "partners"} and len(parts) > 2 else 1
    return tuple(part.removesuffix(".py") for part in parts[:depth])


def may_use(user: tuple[str, ...], used: tuple[str, ...]) -> bool:
    """Whether a room may name something of another: the same, a lower floor, or an earlier step."""
    if user == used:
        return True
    if user[0] == used[0]:
        if user[0] == "steps":
            return len(used) == 1 or (len(user) == 2 and used[1] < user[1])
        return user[0] != "partners" or used[1:] in {("kit",), ()}
    return floor(user) > floor(used)


def floor(room: tuple[str, ...]) -> int:
    """Height of a room's floor, 0 for the ground."""
    for height, rooms in enumerate(FLOORS):
        if room[0] in rooms:
            return height
    raise AssertionError(f"no floor holds the room {room[0]!r}")
