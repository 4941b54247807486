"""Steps 6 to 8: follow the parcel, confirm its receipt on the other site, send the old passport back."""

from __future__ import annotations

import re
from datetime import date

from escale.storyteller import papers
from escale.storyteller.browser import Lost
from escale.storyteller.people.meeting import Meeting


class Receiving(Meeting):
    """An applicant whose passport is on its way."""

    def confirm_receipt(self, number: str, security: str) -> None:
        """On the site of the ANTS, with both numbers. Raises Lost when they are not accepted."""
        page = self.go(f"passeports/{self.ref}/", site="reception")
        typed: dict[str, str | list[str]] = {"number": number, "security": security, "attestation": "on"}
        page = self.hands.submit(page.form("number", "security"), typed)
        if not page.url.endswith("/confirme/"):
            raise Lost(f"the receipt was not confirmed: {'; '.join(page.alerts) or page.text[:300]}")

    def return_label(self) -> str:
        """Make the label of the way back. Returns its waybill."""
        page = self.case("deux-obligations/")
        page = self.hands.submit(page.form(action="/etiquette"))
        shown = page.soup.select_one("main .escale-code")
        if shown is None or not re.fullmatch(r"[A-Z0-9 ]{8,}", shown.get_text(strip=True)):
            raise Lost(f"no return label: {'; '.join(page.alerts) or page.text[:300]}")
        return shown.get_text(strip=True).replace(" ", "")

    def ask_to_keep(self, until: date) -> None:
        """Show the visa of the old passport and ask to keep it."""
        page = self.case("deux-obligations/")
        form = page.form("copy", "until")
        self.hands.submit(form, {"until": until.isoformat()}, files={"copy": papers.visa(until)})
        self.succeeded("Votre demande est chez l’agent")

    def story_told(self) -> dict[int, tuple[str, str]]:
        """By step, its state and sentence on the home of the case."""
        page = self.case()
        told = {}
        for number, item in enumerate(page.soup.select(".escale-timeline > li"), start=1):
            state, sentence = item.select_one(".escale-state"), item.find("p")
            if state is None or sentence is None:
                raise Lost(f"step {number} says nothing on « {page.title} »")
            told[number] = (state.get_text(strip=True), " ".join(sentence.get_text(" ", strip=True).split()))
        return told

    def last_moment(self) -> str:
        """The deadline that the home of the case shows first, or nothing."""
        found = self.page.soup.select_one(".escale-now__before strong")
        return " ".join(found.get_text(" ", strip=True).split()) if found else ""
