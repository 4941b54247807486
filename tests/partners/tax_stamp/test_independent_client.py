"""An independent client of PayFiP understands our simulator.

It is not of our environment: ``ESCALE_INDEPENDENT_PYTHON`` names an interpreter that has ``eopayment`` 3.15
(docs/partners/tax_stamp.md).
"""

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.partners.conftest import Simulators

PYTHON = os.environ.get("ESCALE_INDEPENDENT_PYTHON", "")


@pytest.mark.skipif(not PYTHON, reason="ESCALE_INDEPENDENT_PYTHON is not set")
def test_eopayment_pays_and_reads_every_code(simulators: Simulators, reference: str):
    script = Path(__file__).with_name("with_eopayment.py")
    base = f"{simulators.url}/timbre/payfip/tpa"
    command = [PYTHON, str(script), f"{base}/services/securite", f"{base}/paiementws.web", reference]

    ran = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)

    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout) == {
        "client": "099099",
        "before": 6,  # eopayment.WAITING
        "after": 3,  # eopayment.PAID
        "status": "paid CB",
        "amount": "9600",
        "reference": reference,
        "short_reference": "R3",
        "wrong_mail": "A2",
        "unknown_operation": "P1",
    }
