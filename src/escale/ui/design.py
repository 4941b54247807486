"""The sheets of the design system without what no page of ours uses.

The design system is one sheet of 700 kB for every component there is, and one of 450 kB for every icon: at 400 kbit/s
they kept the first text away for half a minute. A rule goes when every one of its selectors names a class of the design
system (``fr-…``) that is written nowhere in our sources nor in the form fields of django-dsfr. What pages need is read
anew each time, so that nobody keeps a list.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

import tinycss2
from tinycss2.ast import AtRule, Node, QualifiedRule

WRITERS = (".html", ".py", ".js")
# Where django-dsfr writes classes on pages of ours: its form fields. Its other templates serve nobody here.
FIELDS = (
    "forms.py", "utils.py", "widgets.py", "templates/django", "templates/dsfr/form_snippet.html",
    "templates/dsfr/form_field_snippets", "templates/dsfr/widgets",
)  # fmt: skip
# What the form fields add to the class of a group, whichever it is.
STATES = frozenset({"error", "valid", "disabled"})
# Browsers that none of our pages would work in.
BYGONE = "-ms-high-contrast"
_WORD = re.compile(r"(?<![\w-])fr-[\w-]*")
_GROUPS = frozenset({"media", "supports"})


@dataclass(frozen=True, slots=True)
class Written:
    """The classes of the design system that sources write. One that ends in a dash is completed by a template: all
    that begin so are kept."""

    whole: frozenset[str]
    begun: tuple[str, ...]

    def has(self, name: str) -> bool:
        whole, _, state = name.partition("--")
        return name in self.whole or (state in STATES and whole in self.whole) or name.startswith(self.begun)

    @property
    def digest(self) -> str:
        """Changes when pages begin or cease to use a class."""
        return hashlib.sha256(" ".join(sorted({*self.whole, *self.begun})).encode()).hexdigest()[:16]


def _sources(folder: Path, names: Iterable[str] = ("",)) -> Iterator[Path]:
    for path in (folder / name for name in names):
        found = path.rglob("*") if path.is_dir() else [path]
        yield from (one for one in found if one.suffix in WRITERS and one.is_file())


def _package(name: str) -> Path:
    found = find_spec(name)
    if found is None or found.origin is None:
        raise ModuleNotFoundError(name)
    return Path(found.origin).parent


@cache
def written() -> Written:
    """What our own sources and the form fields of django-dsfr write."""
    ours = {word for path in _sources(_package("escale")) for word in _WORD.findall(path.read_text())}
    fields = {word for path in _sources(_package("dsfr"), FIELDS) for word in _WORD.findall(path.read_text())}
    begun = {word for word in ours if word.endswith("-") and word != "fr-"}
    return Written(frozenset(ours | fields) - begun, tuple(sorted(begun)))


def pruned(sheet: str, kept: Written) -> str:
    """A sheet without the rules whose classes are not written anywhere."""
    return _pruned(tinycss2.parse_stylesheet(sheet, skip_comments=True, skip_whitespace=True), kept)


def _selectors(prelude: list[Node]) -> list[list[Node]]:
    """The selectors of a rule; a comma within ``:is(…)`` parts none."""
    found: list[list[Node]] = [[]]
    for token in prelude:
        if token == ",":
            found.append([])
        else:
            found[-1].append(token)
    return found


def _classes(selector: list[Node]) -> Iterator[str]:
    """Those of the design system that an element must have. Not those within ``:not(…)``, which it must not."""
    for dot, name in pairwise(selector):
        if dot == "." and name.type == "ident" and name.value.startswith("fr-"):
            yield name.value


def _pruned(rules: Iterable[Node], kept: Written) -> str:
    told: list[str] = []
    for rule in rules:
        if isinstance(rule, QualifiedRule):
            selectors = _selectors(rule.prelude)
            left = [tinycss2.serialize(one).strip() for one in selectors if all(map(kept.has, _classes(one)))]
            if left:
                told.append(f"{','.join(left)}{{{tinycss2.serialize(rule.content)}}}")
        elif isinstance(rule, AtRule) and rule.lower_at_keyword in _GROUPS:
            condition = tinycss2.serialize(rule.prelude)
            inner = tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
            within = "" if BYGONE in condition else _pruned(inner, kept)
            if within:
                told.append(f"@{rule.at_keyword}{condition}{{{within}}}")
        else:
            told.append(rule.serialize())
    return "".join(told)
