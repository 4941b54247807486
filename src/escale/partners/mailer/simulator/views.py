"""The web mailbox: who was written to, what each mail says and holds."""

from __future__ import annotations

import re
from email.message import EmailMessage
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from escale import clock
from escale.partners.mailer.simulator import mailbox

_PER_PAGE = 50
# The mail runs nothing and loads nothing from elsewhere; its links open in the reader's tab, on a click.
_HTML_POLICY = (
    "sandbox allow-top-navigation-by-user-activation allow-popups allow-popups-to-escape-sandbox; default-src 'none'; "
    "style-src 'unsafe-inline'; img-src data:"
)
_HEAD = re.compile(r"<head[^>]*>", re.IGNORECASE)


@require_GET
def mailboxes(request: HttpRequest) -> HttpResponse:
    """The mails of one recipient (``?to=``) or of all, fifty a page."""
    now = clock.now()
    to = request.GET.get("to", "").strip()
    page = Paginator(mailbox.summaries(now, to), _PER_PAGE).get_page(request.GET.get("page"))
    context = {"now": now, "to": to, "page": page, "recipients": mailbox.recipients(now)}
    return render(request, "mailer/mailboxes.html", context)


@csrf_exempt
@require_POST
def clear(request: HttpRequest) -> HttpResponse:
    mailbox.clear(request.POST.get("to", ""))
    return HttpResponseRedirect(reverse("mailer_simulator:mailboxes"))


@require_GET
def message(request: HttpRequest, identity: str) -> HttpResponse:
    summary, mail = _open(identity)
    context = {
        "summary": summary,
        "headers": list(mail.items()),
        "text": mailbox.body(mail, "plain"),
        "has_html": bool(mailbox.body(mail, "html")),
        "attachments": mailbox.attachments(mail),
        "back": "?" + urlencode({"to": summary["to"][0]}) if summary["to"] else "",
    }
    return render(request, "mailer/message.html", context)


@require_GET
def message_html(request: HttpRequest, identity: str) -> HttpResponse:
    """The HTML part alone, to be shown in a sandboxed frame. Its links leave the frame."""
    _, mail = _open(identity)
    html = mailbox.body(mail, "html")
    if not html:
        raise Http404
    base = '<base target="_top">'
    html = _HEAD.sub(lambda found: found.group() + base, html, count=1) if _HEAD.search(html) else base + html
    return HttpResponse(html, headers={"Content-Security-Policy": _HTML_POLICY, "Referrer-Policy": "no-referrer"})


@require_GET
def message_source(request: HttpRequest, identity: str) -> HttpResponse:
    raw = mailbox.raw_of(identity)
    if raw is None:
        raise Http404
    return HttpResponse(raw, content_type="text/plain; charset=utf-8", headers={"X-Content-Type-Options": "nosniff"})


@require_GET
def attachment(request: HttpRequest, identity: str, place: int) -> HttpResponse:
    _, mail = _open(identity)
    for part in mailbox.attachments(mail):
        if part["place"] == place:
            answer = HttpResponse(part["content"], content_type="application/octet-stream")
            name = re.sub(r"[^\w.-]", "_", part["name"])
            answer["Content-Disposition"] = f'attachment; filename="{name}"'
            return answer
    raise Http404


@require_GET
def api_messages(request: HttpRequest) -> HttpResponse:
    """``?to=`` (or everybody), ``?limit=`` (100 by default): the latest mails whole, latest first."""
    try:
        limit = int(request.GET.get("limit", "100"))
    except ValueError:
        return JsonResponse({"error": "limit must be a whole number"}, status=400)
    found = mailbox.summaries(clock.now(), request.GET.get("to", ""))[: max(limit, 0)]
    return JsonResponse({"messages": [_whole(summary) for summary in found]})


def _whole(summary: dict[str, Any]) -> dict[str, Any]:
    _, mail = _open(summary["id"])
    files = [
        {
            "name": part["name"],
            "type": part["type"],
            "method": part["method"],
            "size": len(part["content"]),
            "url": reverse("mailer_simulator:attachment", args=[summary["id"], part["place"]]),
        }
        for part in mailbox.attachments(mail)
    ]
    return {
        **summary,
        "text": mailbox.body(mail, "plain"),
        "html": mailbox.body(mail, "html"),
        "headers": {name: str(value) for name, value in mail.items()},
        "attachments": files,
        "url": reverse("mailer_simulator:message", args=[summary["id"]]),
    }


def _open(identity: str) -> tuple[dict[str, Any], EmailMessage]:
    """A mail visible now. Raises Http404."""
    summary = mailbox.STORE.get("mail", identity)
    raw = mailbox.raw_of(identity)
    if summary is None or raw is None or not mailbox.is_visible(summary, clock.now()):
        raise Http404
    return summary, mailbox.parse(raw)
