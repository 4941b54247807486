"""The three sites served for a browser in this very process, with stand-ins for partners and an hour of our choosing.

States of cases are made by factories, so that any page can be opened without playing what comes before it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.db import connection
from django.test import override_settings
from playwright.sync_api import Browser, BrowserContext, sync_playwright
from pytest_django.live_server_helper import LiveServer

from escale import clock
from escale.people.models import Agent
from escale.ports import directory
from escale.steps.step6_delivery import service as parcels
from escale.ui.design import pruned, written
from escale.ui.sessions import SessionStore
from escale.ui.static_files import SHEETS
from tests.chromium import launch
from tests.factories.cases import NOON
from tests.steps.step1.fakes import JEANNE, PROOF, FakeFranceConnect, FakeRegister
from tests.steps.step2.fakes import GOOD, FakePayments, FakeStamps
from tests.steps.step3.fakes import FakeCourier
from tests.steps.step4.conftest import FakeWebconference
from tests.steps.step5.fakes import FakeIssuance

HOUR = NOON + timedelta(hours=2)
PATIENCE = 20_000
"""Milliseconds."""


@dataclass
class House:
    """``urls``: address of each site. ``now``: the hour its pages believe. The rest stands in for partners."""

    urls: dict[str, str]
    now: datetime = HOUR
    franceconnect: FakeFranceConnect = field(default_factory=FakeFranceConnect)
    register: FakeRegister = field(default_factory=FakeRegister)
    tax_stamp: FakeStamps = field(default_factory=FakeStamps)
    payment: FakePayments = field(default_factory=FakePayments)
    courier: FakeCourier = field(default_factory=FakeCourier)
    webconference: FakeWebconference = field(default_factory=FakeWebconference)
    issuance: FakeIssuance = field(default_factory=FakeIssuance)
    signed_in: dict[int, dict[str, Any]] = field(default_factory=dict)

    PARTNERS = ("franceconnect", "register", "tax_stamp", "payment", "courier", "webconference", "issuance")

    def cookie(self, site: str, **held: Any) -> dict[str, Any]:
        """A session of a site, as the cookie a browser would hold."""
        store = SessionStore()
        store.update({"seen": self.now.timestamp(), "authenticated_at": self.now.isoformat(), **held})
        store.save()
        return {"name": f"escale_{site}", "value": store.session_key, "url": self.urls[site]}

    def applicant(self, sub: str, site: str = "portal") -> dict[str, Any]:
        """Jeanne, signed in through FranceConnect+."""
        identity = {name: getattr(JEANNE, name) for name in JEANNE.__dataclass_fields__} | {"sub": sub}
        return self.cookie(
            site,
            actor={"kind": "applicant", "id": sub},
            name="Jeanne MARTIN",
            identity=identity,
            sign_in=PROOF,
        )

    def agent(self, agent: Agent) -> dict[str, Any]:
        """An agent, signed in on the desk once: with more sessions than a person may have, a visit ends its own."""
        if agent.pk not in self.signed_in:
            self.signed_in[agent.pk] = self.cookie("desk", actor={"kind": "agent", "id": agent.pk}, name=str(agent))
        return self.signed_in[agent.pk]

    def context(
        self, browser: Browser, *cookies: dict[str, Any], language: str = "fr", width: int = 1280
    ) -> BrowserContext:
        """A browser window of its own that reads one language."""
        context = browser.new_context(
            viewport={"width": width, "height": 900 if width > 500 else 844},
            locale=f"{language}-FR" if language == "fr" else "en-CA",
            permissions=["camera", "microphone"],
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE)
        tongue = [{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": url} for url in self.urls.values()]
        context.add_cookies([*tongue, *cookies])  # type: ignore[list-item]  # plain dictionaries are taken as well
        return context


@contextmanager
def _partners(house: House) -> Iterator[None]:
    before = {name: directory._FACTORIES[name] for name in house.PARTNERS}
    for name in house.PARTNERS:
        directory.provide(name, lambda name=name: getattr(house, name))
    try:
        yield
    finally:
        for name, factory in before.items():
            directory.provide(name, factory)


@cache
def _sheets(folder: Path) -> Path:
    """A folder of static files with the sheets of the design system as they ship: with all their rules, a visit would
    not show that one was left out."""
    for name in SHEETS:
        whole = finders.find(name)
        assert whole, name
        sheet = folder / name
        sheet.parent.mkdir(parents=True, exist_ok=True)
        sheet.write_text(pruned(Path(whole).read_text(), written()))
    return folder


@pytest.fixture(scope="module")
def house(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One server for a whole file; its database is emptied at the end."""
    with ExitStack() as stack:
        stack.enter_context(django_db_blocker.unblock())
        if not connection.introspection.table_names():  # pytest-django makes tables when a marked test was asked for
            call_command("migrate", run_syncdb=True, verbosity=0)
        server = LiveServer("127.0.0.1")
        stack.callback(call_command, "flush", interactive=False, verbosity=0)
        stack.callback(server.stop)
        port = server.url.rpartition(":")[2]
        urls = {site: f"http://{site}.localhost:{port}" for site in settings.SITES}
        shipped = _sheets(tmp_path_factory.getbasetemp() / "sheets")
        ours = {"SITES": urls, "CSRF_TRUSTED_ORIGINS": list(urls.values()), "STATICFILES_DIRS": [shipped]}
        stack.enter_context(override_settings(**ours))
        built = House(urls)
        built.franceconnect.straight = True
        built.tax_stamp.sell(GOOD)
        stack.enter_context(_partners(built))
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        patch.setattr(clock, "now", lambda: built.now)
        parcels._last_round.clear()
        yield built


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser for a whole file. Names under .localhost lead to this machine, whatever its resolver says."""
    with sync_playwright() as playwright:
        browser = launch(playwright, "--host-resolver-rules=MAP *.localhost 127.0.0.1")
        yield browser
        browser.close()
