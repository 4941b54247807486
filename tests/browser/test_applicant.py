"""Every page of the applicant up to the posting of the envelope, in both languages."""

import pytest
from playwright.sync_api import Browser

from tests.browser.crawl import Seen
from tests.browser.house import House, chromium as chromium, house as house
from tests.browser.met import Met, met as met
from tests.browser.reading import Reading, visit
from tests.browser.states_applicant import all_states
from tests.factories.cases import an_agent

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def seen(house: House, chromium: Browser, met: Met) -> Seen:
    states = list(all_states(house, an_agent()))
    met.tell("applicant", states)
    return visit(house, chromium, states)


class TestPages(Reading):
    pass
