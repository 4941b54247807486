"""Step 4: book, enter the room, read the receipt."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from escale.storyteller.browser import Lost
from escale.storyteller.people.posting import Posting

_NUMBER = re.compile(r"[0-9A-HJKMNP-TV-Z*~$=U]{4}([ -][0-9A-HJKMNP-TV-Z*~$=U]{4}){2}")


class Meeting(Posting):
    """An applicant whose request is validated."""

    def free_slots(self) -> list[datetime]:
        """What the page of appointments offers, soonest first."""
        page = self.case("rendez-vous/")
        keys = [str(button["value"]) for button in page.soup.select("button[name=slot]")]
        return sorted(datetime.strptime(key, "%Y%m%dT%H%MZ").replace(tzinfo=UTC) for key in keys)

    def book(self) -> datetime:
        """Take the first free slot. Returns its start."""
        slots = self.free_slots()
        if not slots:
            raise Lost(f"no slot is free: {self.page.text[:300]}")
        form = self.page.form("slot")
        page = self.hands.submit(form, button="slot", value=slots[0].strftime("%Y%m%dT%H%MZ"))
        self.hands.submit(page.form("instead"))
        self.succeeded("Votre rendez-vous")
        return slots[0]

    def enter_room(self) -> None:
        """The waiting room, half an hour before."""
        page = self.case("salle/")
        if page.soup.find(id="salle") is None:
            raise Lost(f"the room is not open: {page.text[:300]}")

    def security_number(self) -> str:
        """Have the security number shown on the receipt."""
        page = self.case("recepisse/")
        page = self.hands.submit(page.form(action="recepisse/"))
        shown = page.soup.select_one(".step4-number")
        if shown is None or not _NUMBER.fullmatch(shown.get_text(strip=True)):
            raise Lost(f"the receipt shows no security number: {page.text[:200]}")
        return shown.get_text(strip=True)
