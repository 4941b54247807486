"""What bench.page looks at, in a process whose database is chosen: cases on their way, and their applicants signed in.

Prints, as JSON, the address and the cookie of each.
"""

from __future__ import annotations

import json
import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "escale.config.settings")
django.setup()

from escale import clock  # noqa: E402 - models exist once Django is set up
from tests.factories.cases import a_case  # noqa: E402
from tests.factories.web import as_applicant  # noqa: E402


def main(applicants: int) -> None:
    found = []
    for _ in range(applicants):
        case = a_case("delivered", now=clock.now())
        cookies = as_applicant(case.applicant_sub).cookies
        cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in cookies.items())
        found.append([f"/demande/{case.reference}/", cookie])
    print(json.dumps(found))


if __name__ == "__main__":
    main(int(sys.argv[1]))
