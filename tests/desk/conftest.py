"""Who is at the desk: one agent of each role at the same post."""

import pytest

from escale.people.actors import Actor
from escale.people.models import Agent
from tests.factories.cases import acting, an_agent
from tests.steps.conftest import courier as courier, issuance as issuance, sub as sub
from tests.steps.step1.conftest import register as register
from tests.steps.step2.conftest import stamps as stamps


@pytest.fixture
def agent(db: None) -> Agent:
    return an_agent(usual_name="Perrin")


@pytest.fixture
def actor(agent: Agent) -> Actor:
    return acting(agent)


@pytest.fixture
def supervisor(db: None) -> Agent:
    return an_agent("supervisor", usual_name="Caron")
