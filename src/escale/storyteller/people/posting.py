"""Step 3: the label, the envelope, « j'ai posté »."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from escale.storyteller.browser import Lost
from escale.storyteller.papers import File
from escale.storyteller.people.applying import Applying


class Posting(Applying):
    """An applicant who prepares the envelope."""

    def generate_label(self) -> str:
        """Make the label on the portal. Returns its waybill."""
        page = self.case("envoi/etiquette/")
        self.hands.submit(page.form(action="fabriquer"))
        return self.label_number()

    def label_number(self) -> str:
        """The waybill that the posting page shows. Raises Lost."""
        self.case("envoi/")
        found = re.search(r"Numéro de suivi : ([A-Z0-9 ]+?)\.", self.page.text)
        if found is None:
            raise Lost(f"no label on « {self.page.title} »: {'; '.join(self.page.alerts) or self.page.text[:300]}")
        return found[1].replace(" ", "")

    def buy_label(self, *, option: str = "") -> tuple[str, File]:
        """Buy a label in the carrier's own shop, with an option or none. Returns its waybill and its PDF."""
        post = self._post_address()
        where = self.person.address
        page = self.hands.open(self.address("dhl/etiquettes/", "simulators"))
        values: dict[str, str | list[str]] = {
            **{f"from_{name}": text for name, text in post.items()},
            "to_name": f"{self.person.given_names} {self.person.family_name}",
            "to_line1": where.line1,
            "to_line2": where.line2,
            "to_postcode": where.postcode,
            "to_city": where.city,
            "to_country": where.country,
            "to_phone": self.person.phone or "+1 416 555 0100",
            "option": option,
        }
        page = self.hands.submit(page.form("option"), values)
        waybill = urlsplit(page.url).path.rstrip("/").rpartition("/")[2]
        pdf = self.world.simulator(f"dhl/etiquettes/{waybill}/etiquette.pdf").body
        return waybill, ("etiquette.pdf", pdf, "application/pdf")

    def _post_address(self) -> dict[str, str]:
        """The post's address as the posting page gives it, in the fields of the shop."""
        self.case("envoi/")
        area = self.page.soup.find("textarea", id="adresse")
        lines = area.get_text().strip().splitlines() if area else []
        if len(lines) < 3:
            raise Lost("the posting page does not say where to post")
        country = self.person.address.country
        return {
            "name": lines[0],
            "company": lines[0],
            "line1": lines[1],
            "line2": "",
            "postcode": self.person.address.postcode,
            "city": self.person.address.city,
            "country": country,
            "phone": "+33 1 43 17 53 53",
        }

    def import_label(self, file: File) -> str:
        """Bring a label bought elsewhere. Returns why it is refused, or nothing."""
        page = self.case("envoi/etiquette/importer/")
        page = self.hands.submit(page.form("label"), files={"label": file}, status=(200, 422))
        return "; ".join(page.alerts) if page.has_form("label") else ""

    def type_label(self, waybill: str) -> None:
        """Give the number of a paper label."""
        page = self.case("envoi/etiquette/saisir/")
        self.hands.submit(page.form("waybill"), {"waybill": waybill})
        self.succeeded("Le numéro de votre étiquette est enregistré")

    def announce_posting(self) -> None:
        """« J'ai posté »."""
        page = self.case("envoi/")
        self.hands.submit(page.form("carrier", "version"))
        self.succeeded("Votre envoi est noté")
