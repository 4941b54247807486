"""Pieces every page uses: names of the sites, links, language switch, dates in two clocks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from django import template
from django.contrib.messages.storage.base import Message
from django.forms import BoundField, CheckboxSelectMultiple, RadioSelect
from django.template.context import Context
from django.urls import NoReverseMatch, resolve, reverse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext as _, gettext_lazy as lazy

from escale.ui.sites import address

register = template.Library()


_NAMES = {
    "portal": (lazy("Renouveler mon passeport à distance"), lazy("Registre des Français établis hors de France")),
    "reception": (lazy("Confirmer la réception de mon passeport"), lazy("Agence nationale des titres sécurisés")),
    "desk": (lazy("Bureau consulaire"), lazy("Passeports à distance")),
}


def _site(context: Context) -> str:
    """The portal on a page that no middleware has placed."""
    return str(context.get("site", "portal"))


@register.simple_tag(takes_context=True)
def site_name(context: Context) -> str:
    return str(_NAMES[_site(context)][0])


@register.simple_tag(takes_context=True)
def site_tagline(context: Context) -> str:
    return str(_NAMES[_site(context)][1])


def _link(name: str, label: str) -> tuple[str, str] | None:
    try:
        return reverse(name), label
    except NoReverseMatch:
        return None


# Pages about one post: who has none finds nothing there. An auditor reads all of them and chooses one.
OF_A_POST = frozenset({"desk_mail", "desk_calendar", "desk_dispatch", "desk_forty_days"})


@register.simple_tag(takes_context=True)
def site_links(context: Context) -> SafeString:
    """Links of the header: by site, and by whether somebody is signed in."""
    actor = context.get("actor")
    wanted = {
        ("portal", False): [("sign_in", _("Se connecter"))],
        ("portal", True): [("my_cases", _("Mes demandes"))],
        ("reception", False): [],
        ("reception", True): [],
        ("desk", False): [("sign_in", _("Se connecter"))],
        ("desk", True): [
            ("desk_home", _("Aujourd’hui")),
            ("desk_cases", _("Dossiers")),
            ("desk_mail", _("Courrier")),
            ("desk_calendar", _("Agenda")),
            ("desk_dispatch", _("Expéditions")),
            ("desk_forty_days", _("Quarante jours")),
        ],
    }[(_site(context), actor is not None)]
    if actor is not None and actor.kind == "agent" and not actor.post and actor.role != "auditor":
        wanted = [(name, label) for name, label in wanted if name not in OF_A_POST]
    links = [link for link in (_link(name, label) for name, label in wanted) if link]
    if actor is not None and actor.kind == "agent":
        links = [(path, label) for path, label in links if _open_to(actor.role, path)]
    return format_html_join("", '<li><a href="{}">{}</a></li>', links)


def _open_to(role: str, path: str) -> bool:
    """Whether the guard of a page lets this role in: no link leads to a closed door."""
    kind, roles = str(getattr(resolve(path).func, "guard", "")).partition(":")[::2]
    return kind == "public" or role in roles.split(",")


@register.simple_tag(takes_context=True)
def footer_links(context: Context) -> SafeString:
    """The same on both sites of the applicant; agents have none of them."""
    if context.get("site", "portal") == "desk":
        return SafeString("")
    wanted = {
        "help": _("Aide"),
        "delays": _("Délais constatés"),
        "accessibility": _("Accessibilité : non conforme"),
        "privacy": _("Données personnelles"),
        "legal": _("Mentions légales"),
    }
    elsewhere = context.get("site", "portal") != "portal"
    links = [(address("portal", name) if elsewhere else reverse(name), label) for name, label in wanted.items()]
    row = '<li class="fr-footer__bottom-item"><a class="fr-footer__bottom-link" href="{}">{}</a></li>'
    return format_html_join("", row, links)


@register.simple_tag(takes_context=True)
def language_switch(context: Context) -> SafeString:
    """A link to this same page in the other language."""
    other, label = ("en", "English") if get_language() == "fr" else ("fr", "Français")
    url = f"/langue/{other}/?{_same_page(context)}"
    return format_html('<a href="{}" lang="{}" hreflang="{}">{}</a>', url, other, other, label)


@register.simple_tag(takes_context=True)
def scheme_switch(context: Context) -> SafeString:
    """Three links to this same page: as the machine says, light, dark; the present one is only said."""
    labels = {"auto": _("selon l’appareil"), "light": _("claire"), "dark": _("sombre")}
    here = _same_page(context)
    parts = [
        format_html('<strong aria-current="true">{}</strong>', label)
        if code == context.get("scheme")
        else format_html('<a class="fr-footer__bottom-link" href="/apparence/{}/?{}">{}</a>', code, here, label)
        for code, label in labels.items()
    ]
    return format_html_join(" ", "{}", ((part,) for part in parts))


def _same_page(context: Context) -> str:
    """The question that leads back to this page; a page that answers a form is opened anew, without its answers."""
    request = context.get("request")
    if request is None:
        return urlencode({"suite": "/"})
    return urlencode({"suite": request.get_full_path() if request.method == "GET" else request.path})


@register.filter
def dated(day: date, pattern: str) -> str:
    """A day written out by a pattern of Django's: « lundi 1er juin », « Monday 1 June »."""
    first = get_language() == "fr" and day.day == 1
    return date_format(day, pattern.replace("j", r"j\e\r") if first else pattern)


@register.filter
def in_zone(instant: datetime | None, zone: Any) -> str:
    """« lundi 3 novembre 2026 à 14:30 (Toronto) » : the hour on the wall there."""
    if instant is None:
        return ""
    tz = zone if isinstance(zone, ZoneInfo) else ZoneInfo(str(zone))
    local = instant.astimezone(tz)
    city = tz.key.split("/")[-1].replace("_", " ")
    if get_language() == "fr":
        return f"{dated(local, 'l j F Y')} à {date_format(local, 'H:i')} ({_city(city)})"
    return f"{dated(local, 'l j F Y')} at {date_format(local, 'H:i')} ({city})"


@register.filter
def hour_in_zone(instant: datetime, zone: Any) -> str:
    """« 14:30 (Toronto) » : the hour alone, on the wall there."""
    tz = zone if isinstance(zone, ZoneInfo) else ZoneInfo(str(zone))
    city = tz.key.split("/")[-1].replace("_", " ")
    return f"{date_format(instant.astimezone(tz), 'H:i')} ({_city(city) if get_language() == 'fr' else city})"


@register.filter
def day_in_zone(instant: datetime | None, zone: Any) -> str:
    """« lundi 3 novembre 2026 » as the calendar reads there."""
    if instant is None:
        return ""
    tz = zone if isinstance(zone, ZoneInfo) else ZoneInfo(str(zone))
    return dated(instant.astimezone(tz), "l j F Y")


def _city(name: str) -> str:
    return {"Lisbon": "Lisbonne", "London": "Londres"}.get(name, name)


@register.simple_tag
def colon() -> str:
    """Between a label and what it announces: French sets an unbreakable space before a colon, English none."""
    return "\u00a0: " if get_language() == "fr" else ": "


@register.filter
def refused(notices: Iterable[Message]) -> bool:
    """Whether the page begins by saying that something was refused: its title says so too."""
    return any(notice.level_tag == "error" for notice in notices)


@register.filter
def anchor(field: BoundField) -> str:
    """Id of the element an error leads to: the first choice of a group, else the field itself."""
    if isinstance(field.field.widget, RadioSelect | CheckboxSelectMultiple):
        return f"{field.auto_id}_0"
    return str(field.id_for_label or field.auto_id)


@register.filter
def birth(text: str) -> str:
    """A date of birth as its holder writes it; the parts that nobody knows are left out."""
    known = [part for part in reversed(str(text).split("-")) if part != "00"]
    return "/".join(known)


@register.filter
def country(code: str) -> str:
    """The name of a country, from its two letters."""
    return str(Locale(get_language() or "fr").territories.get(code, code))
