"""The pages read most, in the dark and on a phone: axe has nothing against them, and nothing overflows."""

from __future__ import annotations

from datetime import date

import pytest
from playwright.sync_api import Browser

from escale.portal.models import Opinion
from escale.ui.context import SCHEME_COOKIE
from tests.axe import objections
from tests.browser.house import House, chromium as chromium, house as house
from tests.factories.cases import a_case

pytestmark = [pytest.mark.browser, pytest.mark.slow]
OVERFLOWS = "document.documentElement.scrollWidth > innerWidth"


def test_the_pages_read_most_stand_the_dark_on_a_phone(house: House, chromium: Browser):
    case, ended = a_case("bookable"), a_case("completed", sub="ended")
    Opinion.objects.create(post_id=case.post_id, month=date(2026, 2, 1), degree=5, steps="2", times=9)
    pages = {
        case: ["/", "/delais/", "/aide/", f"/demande/{case.reference}/", f"/demande/{case.reference}/mes-donnees/"],
        ended: [f"/demande/{ended.reference}/", f"/demande/{ended.reference}/avis/"],
    }
    found: list[str] = []
    for one, paths in pages.items():
        dark = {"name": SCHEME_COOKIE, "value": "dark", "url": house.urls["portal"]}
        context = house.context(chromium, dark, house.applicant(one.applicant_sub), width=390)
        page = context.new_page()
        for path in paths:
            page.goto(house.urls["portal"] + path)
            found += objections(page, path)
            found += [f"{path} is wider than a phone"] if page.evaluate(OVERFLOWS) else []
        context.close()

    assert found == []
