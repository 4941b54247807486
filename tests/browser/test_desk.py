"""Every page of the desk, in both languages."""

import pytest
from playwright.sync_api import Browser

from tests.browser.crawl import Seen
from tests.browser.house import House, chromium as chromium, house as house, sheets as sheets
from tests.browser.reading import Reading, visit
from tests.browser.states_desk import all_states
from tests.factories.cases import an_agent

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def seen(house: House, chromium: Browser) -> Seen:
    return visit(house, chromium, list(all_states(house, an_agent("supervisor", usual_name="Caron"))))


class TestPages(Reading):
    pass
