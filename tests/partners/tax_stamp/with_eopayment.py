"""Runs PyPI ``eopayment`` (GPL, never shipped with the product) against our PayFiP, with its own copy of the contract.

Run by ``test_independent_client.py`` in a process of its own: ``with_eopayment.py ENDPOINT PAGE REFERENCE``.
Prints what this client understood, as JSON.
"""

import contextlib
import json
import sys
import urllib.error
import urllib.parse
import urllib.request

from eopayment.payfip_ws import PayFiP, PayFiPError, Payment

CLIENT = "099099"


def code_of(call, **fields):
    try:
        call(**fields)
    except PayFiPError as error:
        return error.code
    return "accepted"


class Stay(urllib.request.HTTPRedirectHandler):
    """The page leads back to the product, which is not there: its answer is enough."""

    def redirect_request(self, *_):
        return None


def pay(page):
    form = urllib.parse.urlencode({"resultat": "P", "notification": "aucune"}).encode()
    with contextlib.suppress(urllib.error.HTTPError):
        urllib.request.build_opener(Stay).open(page, form)


def main(endpoint, page, reference):
    service = PayFiP()
    service.client.service._binding_options["address"] = endpoint
    client = Payment(
        {
            "numcli": CLIENT,
            "saisie": "T",
            "normal_return_url": "http://127.0.0.1:1/retour",
            "automatic_return_url": "http://127.0.0.1:1/notification",
        }
    )
    client.payfip = service
    operation, _, _ = client.request(amount="96.00", email="jeanne@example.org", refdet=reference, subject="Timbre")
    before = client.payment_status(operation)
    pay(f"{page}?idop={operation}")
    after = client.payment_status(operation)
    fields = {
        "numcli": CLIENT,
        "saisie": "T",
        "exer": "2026",
        "montant": "9600",
        "mel": "jeanne@example.org",
        "refdet": reference,
        "url_notification": "http://127.0.0.1:1/n",
        "url_redirect": "http://127.0.0.1:1/r",
    }
    told = {
        "client": service.get_info_client(CLIENT).numcli,
        "before": before.result,
        "after": after.result,
        "status": after.bank_status,
        "amount": after.bank_data["montant"],
        "reference": after.bank_data["refdet"],
        "short_reference": code_of(service.get_idop, **{**fields, "refdet": "ABCD"}),
        "wrong_mail": code_of(service.get_idop, **{**fields, "mel": "jeanne"}),
        "unknown_operation": code_of(service.get_info_paiement, idop="cc0cb210-1cd4-11ea-8cca-0213ad91a103"),
    }
    print(json.dumps(told))


main(*sys.argv[1:])
