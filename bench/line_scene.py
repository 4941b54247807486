"""What bench.line opens, in a process whose database is chosen: pages of requests on their way, their people signed in.

Prints, as JSON, the site, the address and the cookie of each.
"""

from __future__ import annotations

import json
import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "escale.config.settings")
django.setup()

from escale import clock  # noqa: E402 - models exist once Django is set up
from escale.portal.self_check import QUESTIONS  # noqa: E402 - the same
from tests.factories.cases import a_case  # noqa: E402 - the same
from tests.factories.web import as_applicant  # noqa: E402 - the same

PUBLIC = ("/", "/verifier/", f"/verifier/{QUESTIONS[0].slug}/", "/documents/", "/connexion/", "/aide/", "/delais/")
OF_A_CASE = {
    "draft": ("", "motif/", "coordonnees/", "documents/", "photo/", "timbre/", "recapitulatif/"),
    "accepted": ("envoi/",),
    "bookable": ("rendez-vous/",),
    "dispatched": ("", "messages/", "historique/"),
}


def main() -> None:
    found = [["portal", path, "", ""] for path in PUBLIC]
    for point, pages in OF_A_CASE.items():
        case = a_case(point, now=clock.now())
        for page in pages:
            found.append(["portal", f"/demande/{case.reference}/{page}", *_cookie(case.applicant_sub, "portal")])
    found.append(["reception", "/", "", ""])
    for page in ("/passeports/", f"/passeports/{case.reference}/"):
        found.append(["reception", page, *_cookie(case.applicant_sub, "reception")])
    print(json.dumps(found))


def _cookie(sub: str, site: str) -> tuple[str, str]:
    name = f"escale_{site}"
    return name, as_applicant(sub, site).cookies[name].value


if __name__ == "__main__":
    main()
