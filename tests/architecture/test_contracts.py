"""The import contracts hold on the house, and each of them notices the line that would break it."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.architecture.house import ROOT, SRC

# contract → what would break it: file, then the line added to it
OFFENCES = [
    ("floors", {"escale/case/offence.py": "import escale.people.models"}),
    ("floors", {"escale/ledger/offence.py": "import escale.config.env"}),
    ("floors", {"escale/partners/courier/offence.py": "import escale.steps.step3_posted_items.service"}),
    ("floors", {"escale/portal/offence.py": "import escale.desk.views"}),
    ("floors", {"escale/attic/__init__.py": "pass"}),
    ("look-back", {"escale/steps/step3_posted_items/offence.py": "import escale.steps.step4_interview.queries"}),
    ("look-back", {"escale/steps/step9_more/__init__.py": "pass"}),
    ("rooms", {"escale/steps/step2_application/queries.py": "import escale.steps.step2_application.service"}),
    ("rooms", {"escale/steps/step2_application/rules.py": "import escale.steps.step2_application.models"}),
    ("rooms", {"escale/steps/step2_application/helpers.py": "pass"}),
    (
        "rooms",
        {"escale/steps/step2_application/queries_offence.py": "import escale.steps.step2_application.service_draft"},
    ),
    ("rooms", {"escale/steps/step2_application/agent_views.py": "import escale.steps.step2_application.citizen_views"}),
    ("rooms", {"escale/steps/step2_application/models/offence.py": "import escale.steps.step2_application.queries"}),
    ("pure-ground", {"escale/case/offence.py": "import django.db"}),
    ("pure-ground", {"escale/ports/offence.py": "import httpx"}),
    ("pure-rules", {"escale/steps/step4_interview/rules.py": "import django.utils.timezone"}),
    ("plain-inspection", {"escale/inspection/offence.py": "import django.conf"}),
    ("partners-apart", {"escale/partners/courier/offence.py": "import escale.partners.mailer.adapter"}),
    ("partners-apart", {"escale/partners/kit/offence.py": "import escale.partners.mailer.adapter"}),
    ("clock", {"escale/ledger/offence.py": "import escale.clock"}),
    ("clock", {"escale/steps/step8_old_passport/service.py": "import escale.clock"}),
    (
        "no-cycles",
        {
            "escale/people/offence/__init__.py": "import escale.people.offender.one",
            "escale/people/offender/one.py": "import escale.people.offence",
        },
    ),
]


def lint(house: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """import-linter over a copy of the sources, which comes first on its path."""
    code = "import sys; from importlinter.cli import lint_imports_command as run; sys.exit(run())"
    return subprocess.run(
        [sys.executable, "-c", code, "--no-cache", "--no-logo", "--config", str(ROOT / "pyproject.toml"), *options],
        cwd=house,
        env={"PYTHONPATH": f"{house}:{ROOT}", "PATH": "/usr/bin:/bin", "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )


def add_line(house: Path, file: str, line: str) -> None:
    """Append a line to a file of the copy; what it imports of the house is made when it does not exist."""
    make(house / file)
    with (house / file).open("a") as source:
        source.write(f"\n{line}\n")
    name = line.removeprefix("import ")
    if name.startswith("escale."):
        target = house.joinpath(*name.split("."))
        if not target.is_dir():
            make(target.with_suffix(".py"))


def make(path: Path) -> None:
    """Create a module, and the packages above it, where they are missing."""
    for folder in [*path.parents]:
        if "escale" in folder.parts:
            folder.mkdir(parents=True, exist_ok=True)
            folder.joinpath("__init__.py").touch()
    path.touch()


def test_the_house_keeps_every_contract():
    done = lint(SRC)

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(("contract", "lines"), OFFENCES, ids=lambda value: value if isinstance(value, str) else "")
def test_a_contract_notices_the_line_that_breaks_it(contract: str, lines: dict[str, str], tmp_path: Path):
    house = tmp_path / "src"
    shutil.copytree(SRC, house, ignore=shutil.ignore_patterns("__pycache__", "static", "templates", "locale"))
    for file, line in lines.items():
        add_line(house, file, line)

    done = lint(house, "--contract", contract)

    assert done.returncode == 1, done.stdout + done.stderr
    offender = Path(next(iter(lines)).removesuffix("/__init__.py")).stem
    assert f".{offender}" in done.stdout, done.stdout


def test_every_contract_has_an_offence():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    contracts = {contract["id"] for contract in settings["tool"]["importlinter"]["contracts"]}

    assert contracts == {contract for contract, _ in OFFENCES}
