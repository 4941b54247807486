#!/usr/bin/env python3
"""The parts of this release as a CycloneDX 1.6 document: every package of requirements.lock, with its hashes.

    ./dev sbom [FILE]        (build/sbom.cdx.json by default)

Versions, hashes and who needs whom are those of the lock; licences are read from the packages installed from it.
What the product needs has the scope `required`; what only its tests and tools need is `excluded` and never ships.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tomllib
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PINNED = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==([^\s;\\]+)(?:\s*;\s*([^\\]+))?")
LONGEST_NAME = 80  # of a licence: some packages put its whole text there
NEEDED_BY = re.compile(r"^    #(?: via|  ) +(\S+)(?: \(pyproject\.toml(:dev)?\))?$")
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


PRODUCT, TOOLS = "the product", "its tools"


@dataclass
class Locked:
    """One package of the lock. ``marker``: where it is installed at all, empty for everywhere. ``needed_by``: names of
    packages; ``PRODUCT`` or ``TOOLS`` when we ask for it ourselves."""

    name: str
    version: str
    marker: str = ""
    hashes: list[str] = field(default_factory=list)
    needed_by: set[str] = field(default_factory=set)

    @property
    def purl(self) -> str:
        return f"pkg:pypi/{self.name}@{self.version}"


def locked(text: str) -> Iterator[Locked]:
    """The packages of a lock, in its order."""
    package: Locked | None = None
    for line in text.splitlines():
        pinned = PINNED.match(line)
        if pinned:
            if package:
                yield package
            package = Locked(canonicalize_name(pinned[1]), pinned[2], (pinned[3] or "").strip())
        if package:
            package.hashes += HASH.findall(line)
            if why := NEEDED_BY.match(line):
                ours = why[1] == "escale"
                package.needed_by.add((TOOLS if why[2] else PRODUCT) if ours else canonicalize_name(why[1]))
    if package:
        yield package


def licences(name: str) -> list[dict[str, Any]]:
    """As an installed package states them; none when it states none or is not installed on this machine."""
    try:
        about = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return []
    if expression := about.get("License-Expression"):
        return [{"expression": expression}]
    named = [line.rpartition(" :: ")[2] for line in about.get_all("Classifier") or [] if line.startswith("License ::")]
    free = (about.get("License") or "").strip()
    named = named or ([free] if 0 < len(free) < LONGEST_NAME else [])
    return [{"license": {"name": text}} for text in dict.fromkeys(named)]


def reached(start: Iterable[str], edges: dict[str, set[str]]) -> set[str]:
    """Everything that these packages need, themselves included."""
    found: set[str] = set()
    waiting = list(start)
    while waiting:
        name = waiting.pop()
        if name in edges and name not in found:
            found.add(name)
            waiting += edges[name]
    return found


def document(lock: str, project: dict[str, Any]) -> dict[str, Any]:
    """The whole document. The same lock gives the same one: its serial number is made of it."""
    packages = list(locked(lock))
    edges: dict[str, set[str]] = {package.name: set() for package in packages} | {PRODUCT: set(), TOOLS: set()}
    for package in packages:
        for parent in package.needed_by:
            edges[parent].add(package.name)
    shipped = reached([PRODUCT], edges)
    purls = {package.name: package.purl for package in packages}
    product = f"pkg:generic/{project['name']}@{project['version']}"
    components = []
    for package in packages:
        properties = [{"name": "escale:marker", "value": package.marker}] if package.marker else []
        component = {
            "type": "library",
            "bom-ref": package.purl,
            "name": package.name,
            "version": package.version,
            "purl": package.purl,
            "scope": "required" if package.name in shipped else "excluded",
            "hashes": [{"alg": "SHA-256", "content": digest} for digest in sorted(package.hashes)],
            "licenses": licences(package.name),
            "properties": properties,
        }
        components.append({key: value for key, value in component.items() if value})
    main = {"type": "application", "bom-ref": product, "name": project["name"], "version": project["version"]}
    main |= {"licenses": [{"expression": project["license"]}], "description": project["description"]}
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, product + lock)}",
        "version": 1,
        "metadata": {"component": main},
        "components": components,
        "dependencies": [
            {"ref": product, "dependsOn": sorted(purls[name] for name in edges[PRODUCT])},
            *({"ref": purls[name], "dependsOn": sorted(purls[each] for each in edges[name])} for name in purls),
        ],
    }


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="./dev sbom", description=__doc__.splitlines()[0])
    parser.add_argument("file", nargs="?", type=Path, default=ROOT / "build/sbom.cdx.json")
    file = parser.parse_args(argv).file
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    made = document((ROOT / "requirements.lock").read_text(encoding="utf-8"), project)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(made, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    parts = made["components"]
    shipped = sum(part["scope"] == "required" for part in parts)
    unsaid = sorted(part["name"] for part in parts if "licenses" not in part)
    print(f"{file}: {len(parts)} packages, {shipped} of them in the product.")
    print(f"no licence known of: {', '.join(unsaid) or 'none'}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
