"""Every variable that an adapter reads is on its partner's pages, and every variable on a page is read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.checks import Error

from escale.config import checks
from escale.partners.border_alert.settings import options as border_alert
from escale.partners.courier.settings import label_page, options as courier
from escale.partners.franceconnect.settings import options as franceconnect
from escale.partners.issuance.settings import options as issuance
from escale.partners.kit.options import BadOption
from escale.partners.mailer.settings import options as mailer
from escale.partners.proconnect.settings import options as proconnect
from escale.partners.register.settings import options as register
from escale.partners.tax_stamp.settings import options as tax_stamp, payment_options
from escale.partners.webconference.settings import options as webconference

ROOT = Path(__file__).parents[2]
READERS: dict[str, tuple[Any, ...]] = {
    "franceconnect": (franceconnect,),
    "proconnect": (proconnect,),
    "register": (register,),
    "tax_stamp": (tax_stamp, payment_options),
    "courier": (courier,),
    "webconference": (webconference,),
    "issuance": (issuance,),
    "border_alert": (border_alert,),
    "mailer": (mailer,),
}
# What makes an adapter read other variables.
MODES: dict[str, list[dict[str, str]]] = {
    "mailer": [{}, {"ESCALE_MAILER_TRANSPORT": "notify"}],
    "webconference": [{}, {"ESCALE_WEBCONFERENCE_ORDER": "visio,webconf,embedded"}],
}
# Of the whole product, or of the simulators alone.
COMMON = {"ESCALE_ICE_SERVERS", "ESCALE_MODE", "ESCALE_SMTP_PORT", "ESCALE_DATA_DIR", "ESCALE_SIMULATORS_URL"}
SIMULATED = {f"ESCALE_ISSUANCE_HOURS_{name}" for name in ("CHECKING", "PRODUCTION", "PRODUCED", "SENT")}
SIMULATED |= {"ESCALE_COURIER_SIMULATOR_READINGS"}


class Asked(Mapping[str, str]):
    """An environment that remembers what it was asked for."""

    def __init__(self, known: dict[str, str]) -> None:
        self._known, self.names = known, set[str]()

    def __getitem__(self, name: str) -> str:
        self.names.add(name)
        return self._known[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)


def asked_by(partner: str, folder: Path) -> set[str]:
    nowhere = dict.fromkeys(("simulators_url", "portal_url", "desk_url", "reception_url"), "http://127.0.0.1:9")
    names: set[str] = set()
    for mode in MODES.get(partner, [{}]):
        for read in READERS[partner]:
            environ = Asked(mode)
            read(environ, data_dir=folder, **nowhere)
            names |= environ.names
    if partner == "courier":
        environ = Asked({})
        label_page(environ, simulators_url=nowhere["simulators_url"])
        names |= environ.names
    return names - COMMON


def on_pages_of(partner: str) -> set[str]:
    pages = (ROOT / "docs" / "partners" / f"{partner}.md", ROOT / "src/escale/partners" / partner / "README.md")
    found = {name for page in pages for name in re.findall(r"ESCALE_[A-Z_]+[A-Z]", page.read_text())}
    return found - COMMON - SIMULATED


@pytest.mark.parametrize("partner", READERS)
def test_the_pages_name_what_is_read_and_nothing_else(partner: str, tmp_path: Path) -> None:
    assert on_pages_of(partner) == asked_by(partner, tmp_path)


@pytest.mark.parametrize("partner", READERS)
def test_operations_list_every_variable(partner: str, tmp_path: Path) -> None:
    page = (ROOT / "docs" / "operations.md").read_text()
    missing = {name for name in asked_by(partner, tmp_path) if f"`{name.removeprefix('ESCALE_')}`" not in page}
    assert {name for name in missing if f"`{name}`" not in page} == set()


def test_each_page_says_where_the_real_host_is_set() -> None:
    for partner in READERS:
        page = (ROOT / "docs" / "partners" / f"{partner}.md").read_text().casefold()
        room = (ROOT / "src/escale/partners" / partner / "README.md").read_text().casefold()
        assert re.search(r"^## .*\breal\b", page + room, re.MULTILINE), partner


def test_the_table_of_partners_leads_to_each_page_and_names_real_variables(tmp_path: Path) -> None:
    folder = ROOT / "docs" / "partners"
    table = (folder / "README.md").read_text()
    for link in re.findall(r"\]\(([\w./]+)\)", table):
        assert (folder / link).exists(), link
    known = {name for partner in READERS for name in asked_by(partner, tmp_path)}
    for partner in READERS:
        [row] = [line for line in table.splitlines() if line.startswith("| [") and f"]({partner}.md)" in line]
        named = set(re.findall(r"ESCALE_[A-Z_]+", row.rsplit("|", 2)[1]))
        assert named, partner
        assert named <= known, partner


def test_production_does_not_start_with_a_partner_that_cannot_be_used(monkeypatch: pytest.MonkeyPatch) -> None:
    def unusable(name: str) -> dict[str, Any]:
        if name == "register":
            raise BadOption("The files of ESCALE_REGISTER_CERT_FILE or of its authority cannot be used.")
        return {"base_url": "https://partner.example"}

    monkeypatch.setattr(settings, "PRODUCTION", True)
    monkeypatch.setattr(settings, "PARTNER_OPTIONS", unusable)
    found = [error for error in checks.production_is_real(None) if error.id == "escale.E004"]
    assert found == [
        Error(
            "register cannot be used: The files of ESCALE_REGISTER_CERT_FILE or of its authority cannot be used.",
            hint="See docs/operations.md.",
            id="escale.E004",
        )
    ]
