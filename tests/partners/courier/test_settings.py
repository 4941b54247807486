"""Options of the courier: the simulator in a demonstration, everything asked for in production."""

from pathlib import Path
from typing import Any

import pytest

from escale.case.values import InvalidValue, Waybill
from escale.partners.courier.settings import label_page, options
from escale.partners.kit.options import BadOption

ADDRESSES: dict[str, Any] = {
    "data_dir": Path("var"),
    "simulators_url": "http://sim.test",
    "portal_url": "http://portal.test",
    "desk_url": "http://desk.test",
    "reception_url": "http://reception.test",
}
REAL = {
    "ESCALE_MODE": "production",
    "ESCALE_COURIER_URL": "https://express.api.dhl.com/mydhlapi",
    "ESCALE_COURIER_USERNAME": "u",
    "ESCALE_COURIER_PASSWORD": "p",
    "ESCALE_COURIER_ACCOUNT": "123456789",
}


def test_a_demonstration_speaks_to_the_simulator():
    assert options({}, **ADDRESSES)["base_url"] == "http://sim.test/dhl/mydhlapi"
    assert label_page({}, simulators_url="http://sim.test") == "http://sim.test/dhl/etiquettes/"


def test_production_takes_what_it_is_given():
    given = options(REAL, **ADDRESSES)

    assert (given["base_url"], given["account"]) == ("https://express.api.dhl.com/mydhlapi", "123456789")
    assert label_page(REAL, simulators_url="http://sim.test") == "https://mydhl.express.dhl/"


@pytest.mark.parametrize("missing", sorted(set(REAL) - {"ESCALE_MODE"}))
def test_production_names_what_is_missing(missing: str):
    with pytest.raises(BadOption, match=missing):
        options({name: value for name, value in REAL.items() if name != missing}, **ADDRESSES)


@pytest.mark.parametrize("number", ["3318810025", "8487135506", "1099255990", "3821724944"])
def test_published_waybills_are_valid(number: str):
    assert Waybill.parse(number, carrier="dhl").text == number


@pytest.mark.parametrize("number", ["3318810010", "331881002", "JD01460000"])
def test_others_are_not(number: str):
    with pytest.raises(InvalidValue):
        Waybill.parse(number, carrier="dhl")
