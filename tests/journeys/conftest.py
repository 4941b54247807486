"""A whole product for each file of journeys, and a look inside what its simulators and its database hold."""

import json
import sqlite3
from collections.abc import Generator, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from escale.stack import Stack
from escale.storyteller.world import World

# A machine that runs two whole products at once may hold a partner's answer back for longer than a person would wait.
SLOW_MACHINE = {f"ESCALE_{name}_READ_TIMEOUT": "60" for name in ("TAX_STAMP", "PAYFIP", "COURIER")}
LOG_LINES = 25
_running: list[Stack] = []


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Three sites, the worker and the simulators, over a folder of their own."""
    with Stack(tmp_path_factory.mktemp("journeys"), environment=SLOW_MACHINE, threads=2, patience=120) as running:
        _running.append(running)
        yield running
        _running.remove(running)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A journey that fails shows how the log of each process ends: the page seen rarely says why."""
    report = yield
    if report.failed:
        for running in _running:
            for name in running.children:
                last = running.log(name).read_text(errors="replace").splitlines()[-LOG_LINES:]
                report.sections.append((f"log of {name}", "\n".join(last)))
    return report


@pytest.fixture(scope="module")
def world(stack: Stack) -> Iterator[World]:
    with World(stack.urls) as opened:
        yield opened


@pytest.fixture(scope="module")
def partners(stack: Stack) -> "Partners":
    return Partners(stack.data_dir)


class Partners:
    """What the simulated partners remember: whether each effect reached them once."""

    def __init__(self, data_dir: Path) -> None:
        self.path = data_dir / "simulators.sqlite3"

    def remembered(self, partner: str, kind: str) -> list[tuple[str, dict[str, Any]]]:
        """Documents of one kind, by key."""
        with closing(sqlite3.connect(f"file:{self.path}?mode=ro", uri=True)) as memory:
            rows = memory.execute("SELECT key, body FROM doc WHERE partner=? AND kind=?", (partner, kind)).fetchall()
        return [(key, json.loads(body)) for key, body in rows]

    def order(self, ref: str) -> dict[str, Any]:
        """The order of a case at the producer."""
        return dict(self.remembered("issuance", "order"))[ref]

    def stamps(self, email: str) -> list[dict[str, Any]]:
        """The stamps that somebody paid for."""
        paid = {
            operation["refdet"]
            for _, operation in self.remembered("tax_stamp", "operation")
            if operation["mel"] == email
        }
        bought = dict(self.remembered("tax_stamp", "purchase"))
        stamps = dict(self.remembered("tax_stamp", "stamp"))
        return [stamps[bought[reference]["numero"]] for reference in paid if reference in bought]

    def parcels(self, ref: str) -> list[str]:
        """References of the parcels that the carrier sold for a case."""
        return sorted(
            parcel["reference"]
            for _, parcel in self.remembered("courier", "parcel")
            if parcel["reference"].startswith(ref)
        )

    def title(self, number: str) -> dict[str, Any]:
        """A passport at the producer."""
        return dict(self.remembered("issuance", "title"))[number]

    def reports(self, number: str) -> int:
        """Entries of the border relay about a passport."""
        return sum(record["nr"] == number for _, record in self.remembered("border_alert", "record"))
