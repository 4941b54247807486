"""What somebody typed in a form that could not be taken, given back to them: the page was too old, or the session over.

The server keeps nothing of it: the answer to a form carries its fields back, and the person sends them again with a
fresh token, by a click. Only a form sent from a page of the same site is given back, else a page elsewhere could show
its own words under our name and have them sent. Numbers worth something to whoever reads them (passport, security
number, stamp, NUMIC, codes) and files never come back: the page leaves an empty place for each.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from escale.case.values import InvalidValue, PassportNumber, SecurityNumber, StampNumber
from escale.ui.forms import SECRET_NAMES, Form

TOKEN = "csrfmiddlewaretoken"  # noqa: S105  # the name of a field
MOST_FIELDS, MOST_CHARACTERS = 100, 50_000
_SECRET_INSIDE = re.compile(r"\b\d{2}[ -]?[A-Za-z]{2}[ -]?\d{5}\b|\b(?:\d[ .-]?){15}\d\b|<<")
_MACHINE_WORD = re.compile(r"[a-z0-9_.:-]{0,40}")


@dataclass(frozen=True, slots=True)
class Missing:
    """A field to fill again. ``kind``: ``text``, ``long`` or ``file``."""

    name: str
    label: str
    kind: str


@dataclass(slots=True)
class GivenBack:
    """``shown``: label and value of each field typed. ``again``: every field sent again as it was."""

    shown: list[tuple[str, str]] = field(default_factory=list)
    again: list[tuple[str, str]] = field(default_factory=list)
    missing: list[Missing] = field(default_factory=list)

    @property
    def has_files(self) -> bool:
        return any(one.kind == "file" for one in self.missing)


def page(request: HttpRequest) -> HttpResponse | None:
    """The page that gives the form back; None when there is nothing to give, or when it is not ours to give."""
    given = of(request)
    if given is None:
        return None
    found = request.resolver_match
    context = {
        "given": given,
        "action": request.get_full_path(),
        "back": page_of(request),
        "signed_out": getattr(request, "actor", None) is None
        and getattr(found and found.func, "guard", "") != "public",
    }
    response = render(request, "ui/form_given_back.html", context, status=403)
    add_never_cache_headers(response)
    return response


def page_of(request: HttpRequest) -> str:
    """The page to come back to: for a form sent, the page that held it, when it is one of ours."""
    if request.method == "GET":
        return request.get_full_path()
    sent_from = urlsplit(request.headers.get("referer", ""))
    if sent_from.netloc != request.get_host():
        return request.path
    return sent_from._replace(scheme="", netloc="", fragment="").geturl()


def of(request: HttpRequest) -> GivenBack | None:
    """What was typed in the form just sent."""
    if request.method != "POST" or not _from_our_page(request):
        return None
    try:
        sent = [(name, value) for name, values in request.POST.lists() for value in values if name != TOKEN]
        files = list(request.FILES)
    except (UnreadablePostError, SuspiciousOperation, MultiPartParserError):
        return None
    if len(sent) > MOST_FIELDS or sum(len(value) for _name, value in sent) > MOST_CHARACTERS:
        return None
    fields = _Fields(request, {name for name, _value in sent} | set(files))
    given = GivenBack()
    for name, value in sent:
        _sort(given, name, value, fields)
    for name in [*files, *fields.files_left_out(files)]:
        given.missing.append(Missing(name, fields.label(name), "file"))
    return given if given.shown or given.missing else None


def _from_our_page(request: HttpRequest) -> bool:
    """Whether this form was sent from a page of this very site, as the browser says it."""
    ours = {f"{request.scheme}://{request.get_host()}", settings.SITES[str(request.site)]}
    said = request.headers.get("origin")
    if said is None:
        parts = urlsplit(request.headers.get("referer", ""))
        said = f"{parts.scheme}://{parts.netloc}"
    return said in ours and request.headers.get("sec-fetch-site", "same-origin") == "same-origin"


def _sort(given: GivenBack, name: str, value: str, fields: _Fields) -> None:
    """Put one field where it belongs: to fill again, to send again unseen, or to show and send again."""
    known = fields.of(name)
    if name in SECRET_NAMES or is_secret(value):
        if value.strip() or known is not None:
            kind = "long" if isinstance(getattr(known, "widget", None), forms.Textarea) else "text"
            given.missing.append(Missing(name, fields.label(name), kind))
        return
    given.again.append((name, value))
    hidden = known is not None and known.widget.is_hidden
    if value.strip() and not hidden and (known is not None or not _MACHINE_WORD.fullmatch(value)):
        given.shown.append((fields.label(name), _in_words(known, value)))


def is_secret(value: str) -> bool:
    """Whether a value looks like a number that must not come back, wherever it was typed."""
    for number in (PassportNumber, SecurityNumber, StampNumber):
        try:
            number.parse(value)
        except InvalidValue:
            continue
        return True
    return bool(_SECRET_INSIDE.search(value))


def _in_words(known: forms.Field | None, value: str) -> str:
    """The label of a choice, yes for a box; what was typed otherwise."""
    if isinstance(known, forms.BooleanField):
        return str(_("Oui"))
    if isinstance(known, forms.ChoiceField):
        return str(dict(_flat(known)).get(value, value))
    return value


def _flat(choice: forms.ChoiceField) -> Iterator[tuple[str, object]]:
    for code, label in cast(Iterable[tuple[Any, Any]], choice.choices):
        if isinstance(label, list | tuple):
            yield from ((str(inner), said) for inner, said in label)
        else:
            yield str(code), label


class _Fields:
    """What our forms say of the fields that were sent: the forms of the same room that have the most of them."""

    def __init__(self, request: HttpRequest, names: set[str]) -> None:
        found = request.resolver_match
        room = _room(getattr(found.func, "__module__", "")) if found else ""
        known = [form.base_fields for form in _forms(Form) if _room(form.__module__) == room]
        best = max((len(names & set(fields)) for fields in known), default=0)
        self._candidates: list[Mapping[str, forms.Field]] = [
            fields for fields in known if best and len(names & set(fields)) == best
        ]

    def of(self, name: str) -> forms.Field | None:
        """The field of this name, when the forms it may come from agree on what it is called."""
        found = [fields[name] for fields in self._candidates if name in fields]
        return found[0] if found and len({str(one.label) for one in found}) == 1 else None

    def label(self, name: str) -> str:
        known = self.of(name)
        return str(known.label) if known is not None and known.label else str(_("Autre champ"))

    def files_left_out(self, sent: list[str]) -> list[str]:
        """Files the form asks for and that are not among those sent."""
        if len(self._candidates) != 1:
            return []
        return [
            name
            for name, one in self._candidates[0].items()
            if isinstance(one, forms.FileField) and name not in sent and one.required
        ]


def _forms(base: type[Form]) -> Iterator[type[Form]]:
    for form in base.__subclasses__():
        yield form
        yield from _forms(form)


def _room(module: str) -> str:
    """The application a module belongs to: ``escale.steps.step2_application``, ``escale.desk``."""
    parts = module.split(".")
    return ".".join(parts[: 3 if parts[1:2] == ["steps"] else 2])
