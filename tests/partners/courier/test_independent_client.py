"""An independent client of MyDHL understands our simulator: ``karrio-mydhl``, in a process of its own."""

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx

from escale.case.values import Waybill
from tests.partners.conftest import Simulators


def karrio(simulators: Simulators, action: str, argument: str) -> Any:
    script = Path(__file__).with_name("with_karrio.py")
    command = [sys.executable, str(script), f"{simulators.url}/dhl/mydhlapi", action, argument]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout.splitlines()[-1])


def test_karrio_makes_a_label_and_follows_it(simulators: Simulators, play: Callable[[Waybill, str], httpx.Response]):
    tomorrow = (simulators.now() + timedelta(days=1)).date().isoformat()
    made = karrio(simulators, "create", tomorrow)
    assert (made["label"], made["messages"]) == ("%PDF-", [])
    waybill = Waybill.parse(made["waybill"], carrier="dhl")
    for code in ("PU", "DF", "WC", "OK"):
        play(waybill, code)

    followed = karrio(simulators, "track", waybill.text)

    assert followed == {
        "waybill": waybill.text,
        "delivered": True,
        "codes": ["OK", "WC", "DF", "PU"],
        "places": ["TORONTO - CANADA"] * 4,
        "proof": True,
        "messages": [],
    }
