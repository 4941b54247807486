"""The list of parts of a release says all that the lock says, and what ships."""

import importlib.util
import json
import sys
import tomllib
from types import ModuleType

import pytest

from tests.architecture.house import ROOT


@pytest.fixture(scope="module")
def sbom() -> ModuleType:
    spec = importlib.util.spec_from_file_location("sbom", ROOT / "tools/sbom.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def project() -> dict[str, object]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


@pytest.fixture(scope="module")
def made(sbom: ModuleType, project: dict[str, object]) -> dict[str, object]:
    return sbom.document((ROOT / "requirements.lock").read_text(encoding="utf-8"), project)


def test_every_locked_package_is_there_with_its_hashes(made: dict[str, object]):
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    parts = {part["name"]: part for part in made["components"]}

    assert len(parts) == sum("==" in line for line in lock.splitlines() if not line.startswith((" ", "#")))
    assert sum(len(part["hashes"]) for part in parts.values()) == lock.count("--hash=sha256:")
    assert parts["django"]["purl"] == f"pkg:pypi/django@{parts['django']['version']}"


def test_what_only_tests_need_does_not_ship(made: dict[str, object]):
    scope = {part["name"]: part["scope"] for part in made["components"]}

    assert {scope[name] for name in ("django", "asgiref", "cryptography", "httpx", "anyio")} == {"required"}
    assert {scope[name] for name in ("pytest", "playwright", "mypy", "mrz", "eopayment")} == {"excluded"}


def test_nothing_that_ships_has_a_licence_that_binds_the_product(made: dict[str, object]):
    """Of the GPL family only the lesser one may ship (psycopg, used as it is)."""
    bound = {
        part["name"]: str(part.get("licenses"))
        for part in made["components"]
        if part["scope"] == "required" and ("GPL" in str(part.get("licenses")) or "Affero" in str(part.get("licenses")))
    }

    assert {name for name, licence in bound.items() if "LGPL" not in licence and "Lesser" not in licence} == set()


def test_it_is_a_document_that_tools_read(made: dict[str, object]):
    refs = {made["metadata"]["component"]["bom-ref"], *(part["bom-ref"] for part in made["components"])}

    assert (made["bomFormat"], made["specVersion"]) == ("CycloneDX", "1.6")
    assert {each["ref"] for each in made["dependencies"]} == refs
    assert {ref for each in made["dependencies"] for ref in each["dependsOn"]} <= refs
    assert "index" not in json.dumps(made), "no address of a registry"


def test_markers_and_capitals_are_read(sbom: ModuleType):
    digest = "a" * 64
    [package] = sbom.locked(f"Some_Thing==1.0 ; sys_platform == 'win32' \\\n    --hash=sha256:{digest}\n    # via x\n")

    assert package.needed_by == {"x"}
    assert (package.name, package.version, package.marker) == ("some-thing", "1.0", "sys_platform == 'win32'")
    assert package.hashes == [digest]
