"""Options of stamps and payments: the simulator in a demonstration, everything asked for in production."""

from pathlib import Path
from typing import Any

import pytest

from escale.partners.kit.options import BadOption
from escale.partners.tax_stamp.settings import options, payment_options

ADDRESSES: dict[str, Any] = {
    "data_dir": Path("var"),
    "simulators_url": "http://sim.test",
    "portal_url": "http://portal.test",
    "desk_url": "http://desk.test",
    "reception_url": "http://reception.test",
}
GATEWAY = {
    "ESCALE_TAX_STAMP_URL": "https://gateway.test",
    "ESCALE_TAX_STAMP_CLIENT_ID": "i",
    "ESCALE_TAX_STAMP_CLIENT_SECRET": "s",
    "ESCALE_TAX_STAMP_TELESERVICE": "t",
}
PAYFIP = {
    "ESCALE_PAYFIP_ENDPOINT": "https://www.payfip.gouv.fr/tpa/services/securite",
    "ESCALE_PAYFIP_PAY_PAGE": "https://www.payfip.gouv.fr/tpa/paiementws.web",
    "ESCALE_PAYFIP_CLIENT_NUMBER": "123456",
}
REAL = {"ESCALE_MODE": "production", **GATEWAY, **PAYFIP}


def test_a_demonstration_speaks_to_the_simulator():
    given = payment_options({}, **ADDRESSES)

    assert options({}, **ADDRESSES)["base_url"] == given["apim_url"] == "http://sim.test/timbre"
    assert given["endpoint"] == "http://sim.test/timbre/payfip/tpa/services/securite"
    assert given["entry_mode"] == "T"


def test_production_pays_for_real():
    given = payment_options(REAL, **ADDRESSES)

    assert (given["entry_mode"], given["client_number"]) == ("W", "123456")


def test_an_unknown_entry_mode_is_refused():
    with pytest.raises(BadOption, match="ESCALE_PAYFIP_ENTRY_MODE must be one of: T, X, W"):
        payment_options({**REAL, "ESCALE_PAYFIP_ENTRY_MODE": "A"}, **ADDRESSES)


@pytest.mark.parametrize("missing", sorted({**GATEWAY, **PAYFIP}))
def test_production_names_what_is_missing(missing: str):
    with pytest.raises(BadOption, match=missing):
        payment_options({name: value for name, value in REAL.items() if name != missing}, **ADDRESSES)
