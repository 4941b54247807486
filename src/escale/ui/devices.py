"""A device in words, from what its browser says of itself: enough to recognise one's own, too little to follow anybody.

No version, no model. What a browser says can be false: it helps its owner, and proves nothing.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

# What a browser's own name is written with; one that builds upon another comes before it.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("DuckDuckGo/", "DuckDuckGo"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("CriOS/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iphone"),
    ("iPad", "ipad"),
    ("Android", "android"),
    ("Windows", "windows"),
    ("Macintosh", "mac"),
    ("CrOS", "chromebook"),
    ("Linux", "linux"),
)


def recognise(user_agent: str) -> list[str]:
    """Browser and kind of device, each empty where nothing is recognised: what a session keeps."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "")
    system = next((code for mark, code in _SYSTEMS if mark in user_agent), "")
    if system == "android" and "Mobile" not in user_agent:
        system = "android_tablet"
    if system == "mac" and browser == "Safari":
        system = "mac_or_ipad"  # a tablet of that make says that it is a computer
    return [browser, system]


def in_words(recognised: list[str]) -> str:
    """« Firefox, sur un téléphone Android », in the language of the page."""
    browser, system = recognised
    device = {
        "iphone": _("un iPhone"),
        "ipad": _("un iPad"),
        "android": _("un téléphone Android"),
        "android_tablet": _("une tablette Android"),
        "windows": _("un ordinateur Windows"),
        "mac": _("un Mac"),
        "mac_or_ipad": _("un Mac ou un iPad"),
        "chromebook": _("un Chromebook"),
        "linux": _("un ordinateur Linux"),
    }.get(system, _("un appareil que nous ne reconnaissons pas"))
    named = {"browser": browser or _("Un navigateur"), "device": device}
    return _("%(browser)s, sur %(device)s") % named
