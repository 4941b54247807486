"""An independent client of PayFiP understands our simulator.

``eopayment`` is under the GPL: a dependency of the tests alone, run in a process of its own, never shipped.
"""

import json
import subprocess
import sys
from pathlib import Path

from tests.partners.conftest import Simulators


def test_eopayment_pays_and_reads_every_code(simulators: Simulators, reference: str):
    script = Path(__file__).with_name("with_eopayment.py")
    base = f"{simulators.url}/timbre/payfip/tpa"
    command = [sys.executable, str(script), f"{base}/services/securite", f"{base}/paiementws.web", reference]

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
