"""What people hold in their hands: their passports, a bill, a photograph, a visa. All invented, made on the spot."""

from __future__ import annotations

import io
import json
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pypdfium2 as pdfium
import typst
from PIL import Image, ImageDraw, ImageFilter

from escale.partners.kit.people import Person
from escale.storyteller.browser import Lost
from escale.storyteller.world import World

type File = tuple[str, bytes, str]
"""Name, content, media type: a file as a browser sends it."""

_ZONE_LINE = re.compile(r"[A-Z0-9<]{44}")
_BILL = """
#let d = json(bytes(sys.inputs.data))
#set page(paper: "a4", margin: 2.5cm)
#set text(size: 11pt)
#text(size: 16pt, weight: "bold")[#d.company]
#v(1cm)
#d.name \\
#for line in d.address [#line \\ ]
#v(1cm)
*Invoice / Facture no. #d.number* \\
Date: #d.day
#v(0.5cm)
Service address / Adresse de consommation: #d.address.join(", ")
#v(0.5cm)
#table(columns: (1fr, auto), [Electricity / Électricité], [84.20], [Total], [84.20])
"""


@dataclass(frozen=True, slots=True)
class PassportPage:
    """The page of a passport, as its holder reads it."""

    number: str
    zone: str
    """Two lines of 44 characters."""
    issued_on: date
    expires_on: date
    picture: bytes
    """PNG of the page."""


def _zone(pdf: bytes) -> str:
    """The two lines at the bottom of a printed page. Raises Lost."""
    document = pdfium.PdfDocument(pdf)
    text = document[0].get_textpage().get_text_bounded()
    document.close()
    lines = _ZONE_LINE.findall(text.replace(" ", ""))
    if len(lines) != 2:
        raise Lost("the printed page of the passport shows no machine-readable zone")
    return "\n".join(lines)


def held_passport(world: World, login: str) -> PassportPage:
    """The passport a person holds at the start, from the simulator's page of specimens."""
    page = world.simulator("titres/specimens/")
    for row in page.soup.select("tbody tr"):
        if row.find("a", href=re.compile(rf"/{login}\.png$")):
            cells = [cell.get_text(strip=True) for cell in row.find_all("td")]
            zone = _zone(world.simulator(f"titres/specimens/{login}.pdf").body)
            picture = world.simulator(f"titres/specimens/{login}.png").body
            return PassportPage(cells[1], zone, date.fromisoformat(cells[2]), date.fromisoformat(cells[3]), picture)
    raise Lost(f"no specimen for {login}")


def new_passport(world: World, ref: str) -> PassportPage:
    """The passport produced for a case, read on its printable page. Raises Lost before it is produced."""
    zone = _zone(world.simulator(f"titres/demandes/{ref}/page.pdf").body)
    said = world.simulator(f"titres/demandes/{ref}/").soup.select("td strong ~ time")
    dates = [str(each["datetime"]) for each in said]
    if len(dates) != 2:
        raise Lost(f"the page of {ref} does not say when its passport was issued")
    picture = world.simulator(f"titres/demandes/{ref}/page.png").body
    issued_on, expires_on = (date.fromisoformat(each) for each in dates)
    return PassportPage(zone.splitlines()[1][:9], zone, issued_on, expires_on, picture)


def scanned(page: PassportPage) -> File:
    """The page of a passport, photographed."""
    with Image.open(io.BytesIO(page.picture)) as picture:
        out = io.BytesIO()
        picture.convert("RGB").save(out, "JPEG", quality=92)
    return ("passeport.jpg", out.getvalue(), "image/jpeg")


def bill(person: Person, now: datetime) -> File:
    """A bill of ten days ago, in the person's name and at their address."""
    where = person.address
    data = {
        "company": "Northern Light Power",
        "name": f"{person.given_names} {person.preferred_username or person.family_name}",
        "address": [line for line in (where.line1, where.line2, f"{where.postcode} {where.city}") if line],
        "number": "2026-000417",
        "day": f"{now.date() - timedelta(days=10):%d/%m/%Y}",
    }
    pdf = typst.compile(_BILL.encode(), sys_inputs={"data": json.dumps(data)}, ignore_system_fonts=True)
    if not isinstance(pdf, bytes):
        raise Lost("the bill has more than one file")
    return ("facture.pdf", pdf, "application/pdf")


def portrait() -> File:
    """A drawn face, 35 × 45 mm at 600 dots an inch, on light grey. The automatic check finds faults with it, as it does
    with many photos: its holder keeps it and lets the agent judge."""
    width, height = 827, 1063
    picture = Image.new("RGB", (width, height), (205, 212, 220))
    draw = ImageDraw.Draw(picture)
    draw.ellipse((60, 860, 767, 1500), fill=(52, 66, 92))
    draw.rectangle((335, 760, 492, 930), fill=(214, 170, 142))
    draw.ellipse((205, 120, 622, 720), fill=(58, 40, 30))
    draw.ellipse((228, 190, 599, 850), fill=(226, 184, 156))
    for left in (318, 458):
        draw.ellipse((left - 8, 478, left + 58, 512), fill=(250, 250, 250))
        draw.ellipse((left + 10, 478, left + 42, 510), fill=(74, 52, 38))
        draw.ellipse((left + 20, 488, left + 32, 500), fill=(12, 10, 10))
        draw.arc((left - 20, 436, left + 72, 500), 200, 340, fill=(70, 48, 34), width=10)
    draw.line((413, 500, 400, 610, 432, 614), fill=(196, 148, 122), width=6)
    draw.ellipse((350, 684, 477, 712), fill=(176, 96, 90))
    out = io.BytesIO()
    picture.filter(ImageFilter.GaussianBlur(0.8)).save(out, "JPEG", quality=95, dpi=(600, 600))
    return ("photo.jpg", out.getvalue(), "image/jpeg")


def visa(until: date) -> File:
    """A page with a visa on it."""
    picture = Image.new("RGB", (1400, 1000), (236, 240, 232))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((80, 120, 1320, 860), outline=(40, 90, 60), width=8)
    draw.text((140, 180), "VISA  MULTIPLE ENTRIES", fill=(20, 60, 40), font_size=60)
    draw.text((140, 320), f"VALID UNTIL {until:%d %b %Y}".upper(), fill=(20, 60, 40), font_size=54)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=92)
    return ("visa.jpg", out.getvalue(), "image/jpeg")
