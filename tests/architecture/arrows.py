"""Arrows that no import shows: a template that extends another, a model named by a string, an address by its name."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.house import HOUSE, may_use, room_of

TEMPLATE_TAG = re.compile(r"""\{%-?\s*(?:extends|include)\s+["']([^"'{]+)["']""")
URL_TAG = re.compile(r"""\{%-?\s*url\s+["']([\w:-]+)["']""")
RELATIONS = {"ForeignKey", "OneToOneField", "ManyToManyField"}
REVERSERS = {"reverse", "reverse_lazy", "redirect"}

Room = tuple[str, ...]


def templates(house: Path = HOUSE) -> Iterator[Path]:
    """Every template of the product."""
    for folder in sorted(house.rglob("templates")):
        yield from sorted(path for path in folder.rglob("*") if path.is_file())


def template_owners(house: Path = HOUSE) -> dict[str, Room]:
    """Template name → room that owns it."""
    owners = {}
    for path in templates(house):
        parts = path.relative_to(house).parts
        name = "/".join(parts[parts.index("templates") + 1 :])
        owners[name] = room_of(path)
    return owners


def forbidden_templates(user: Room, text: str, owners: dict[str, Room]) -> list[str]:
    """Templates that a template of room ``user`` names and may not."""
    return [name for name in TEMPLATE_TAG.findall(text) if name in owners and not may_use(user, owners[name])]


def app_labels(house: Path = HOUSE) -> dict[str, Room]:
    """Label of each Django application → its room."""
    labels = {}
    for path in sorted(house.rglob("apps.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ClassDef):
                values = {
                    target.id: statement.value.value
                    for statement in node.body
                    if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Constant)
                    for target in statement.targets
                    if isinstance(target, ast.Name)
                }
                if "name" in values:
                    labels[values.get("label", values["name"].rpartition(".")[2])] = room_of(path)
    return labels


def forbidden_models(user: Room, tree: ast.Module, labels: dict[str, Room]) -> list[str]:
    """Models that a models module of room ``user`` points at by a string and may not."""
    found = []
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        if ast.unparse(call.func).rpartition(".")[2] in RELATIONS:
            named = [*call.args[:1], *(word.value for word in call.keywords if word.arg in {"to", "through"})]
            for value in named:
                if isinstance(value, ast.Constant) and isinstance(value.value, str) and "." in value.value:
                    label = value.value.partition(".")[0]
                    if label in labels and not may_use(user, labels[label]):
                        found.append(value.value)
    return found


def url_owners(house: Path = HOUSE) -> dict[str, Room]:
    """Name of each address that a step declares (with its namespace when the module has one) → the step."""
    owners: dict[str, Room] = {}
    for path in sorted((house / "steps").rglob("*.py")):
        tree = ast.parse(path.read_text())
        spaces = [
            statement.value.value
            for statement in tree.body
            if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Constant)
            if any(isinstance(target, ast.Name) and target.id == "app_name" for target in statement.targets)
        ]
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            if ast.unparse(call.func) in {"path", "re_path"}:
                for word in call.keywords:
                    if word.arg == "name" and isinstance(word.value, ast.Constant):
                        owners[":".join([*map(str, spaces), str(word.value.value)])] = room_of(path)
    return owners


def forbidden_urls(user: Room, names: list[str], owners: dict[str, Room]) -> list[str]:
    """Addresses of a later step among those that a step names. The site's namespace in front does not matter."""
    found = []
    for name in names:
        owner = owners.get(name) or owners.get(name.partition(":")[2])
        if owner and user[0] == "steps" and not may_use(user, owner):
            found.append(name)
    return found


def urls_in_template(text: str) -> list[str]:
    """Names of addresses in a template."""
    return URL_TAG.findall(text)


def urls_in_source(tree: ast.Module) -> list[str]:
    """Names of addresses given to reverse() or redirect()."""
    return [
        str(call.args[0].value)
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        and ast.unparse(call.func).rpartition(".")[2] in REVERSERS
        and call.args
        and isinstance(call.args[0], ast.Constant)
    ]
