"""What a machine can notice in a source file, as functions from a syntax tree or a text to the places found.

Each returns lines such as ``12: datetime.now()``; tests run them over the house, and over a sample that must be caught.
"""

import ast
import re
from collections.abc import Iterator

MAX_FUNCTION = 50
MAX_CLASS = 200
MAX_METHODS = 15
CLOCKS = {
    ("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"),
    ("timezone", "now"), ("timezone", "localdate"), ("timezone", "localtime"),
}  # fmt: skip
UNFINISHED = re.compile(r"\b(TODO|FIXME)\b")
SILENCED = re.compile(r"#\s*(noqa|type:\s*ignore)(:?\s*[A-Z]+\d+(,\s*[A-Z]+\d+)*|\[[a-z, -]+\])?(?P<reason>.*)$")
WORKPLACE = re.compile(r"/(?:work|root|home/[a-z]+|Users/[a-z]+)/|\bpypi\.org\b|files\.pythonhosted|registry\.npmjs")

Function = ast.FunctionDef | ast.AsyncFunctionDef


def _functions(tree: ast.AST) -> Iterator[Function]:
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def _length(node: Function | ast.ClassDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def long_pieces(tree: ast.Module) -> list[str]:
    """Functions of more than 50 lines, classes of more than 200 lines or 15 methods (properties and dunders apart)."""
    found = [f"{node.lineno}: {node.name}, {_length(node)} lines" for node in _functions(tree) if _length(node) > 50]
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            if _length(node) > MAX_CLASS:
                found.append(f"{node.lineno}: {node.name}, {_length(node)} lines")
            methods = [piece for piece in node.body if isinstance(piece, Function) and _is_method(piece)]
            if len(methods) > MAX_METHODS:
                found.append(f"{node.lineno}: {node.name}, {len(methods)} methods")
    return found


def _is_method(piece: Function) -> bool:
    names = {ast.unparse(decorator) for decorator in piece.decorator_list}
    return not piece.name.startswith("__") and "property" not in names


def inner_imports(tree: ast.Module) -> list[str]:
    """Imports inside functions, save ``AppConfig.ready``, before which Django allows no import of models."""
    found = []
    for function in _functions(tree):
        if function.name == "ready":
            continue
        for node in ast.walk(function):
            if isinstance(node, ast.Import | ast.ImportFrom):
                found.append(f"{node.lineno}: {ast.unparse(node)}")
    return sorted(set(found))


def clock_readings(tree: ast.Module) -> list[str]:
    """Calls that read the machine's clock as a date or an hour."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = ast.unparse(node.func.value).rpartition(".")[2]
            told = node.func.attr in {"localdate", "localtime"} and bool(node.args or node.keywords)
            if (owner, node.func.attr) in CLOCKS and not told:
                found.append(f"{node.lineno}: {ast.unparse(node)}")
    return found


def unfinished(text: str) -> list[str]:
    """Marks of work left for later."""
    return _matching(text, UNFINISHED)


def workplace_traces(text: str) -> list[str]:
    """Paths of a machine and addresses of package registries."""
    return _matching(text, WORKPLACE)


def _matching(text: str, pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{number}: {line.strip()[:120]}" for number, line in enumerate(text.splitlines(), 1) if pattern.search(line)
    ]


def silenced_without_reason(text: str) -> list[str]:
    """Checks switched off without a reason: on the line, or where the same check is first switched off in the file."""
    found, reasoned = [], set()
    for number, line in enumerate(text.splitlines(), 1):
        match = SILENCED.search(line)
        if match and len(re.findall(r"[a-z]", match["reason"])) >= 5:
            reasoned.add((match[1], match[2]))
        elif match and (match[1], match[2]) not in reasoned:
            found.append(f"{number}: {line.strip()[:120]}")
    return found
