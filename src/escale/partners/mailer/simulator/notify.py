"""A service compatible with GOV.UK Notify: same addresses, same tokens, same errors. Its mails land in the mailbox.

Magic recipients are Notify's own (``temp-fail@…``, ``perm-fail@…``) and those of the mail sink (``bounce@…``,
``slow@…``).
"""

from __future__ import annotations

import base64
import json
import os
import re
import time
import uuid
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET, require_POST
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from escale import clock
from escale.partners.kit import faults
from escale.partners.kit.options import Options
from escale.partners.kit.pushes import Pushes
from escale.partners.kit.ticker import every_tick
from escale.partners.mailer.notify import service_and_secret
from escale.partners.mailer.settings import DEMO_CALLBACK_TOKEN, DEMO_NOTIFY_KEY, DEMO_SENDER, DEMO_TEMPLATES
from escale.partners.mailer.simulator import mailbox

_PAGE = 250
_CLOCK_DRIFT = 30  # seconds, either way
_PLACEHOLDER = re.compile(r"\(\((\w+)\)\)")
TEMPLATES = {
    DEMO_TEMPLATES["message"]: ("((subject))", "((body))"),
    DEMO_TEMPLATES["calendar"]: ("((subject))", "((body))\n\n((calendar))"),
}
_FAILURES = {"temp-fail": "temporary-failure", "perm-fail": "permanent-failure", "bounce": "permanent-failure"}
_STATUSES = {
    "created", "sending", "pending", "sent", "delivered", "permanent-failure", "temporary-failure", "technical-failure",
    "cancelled", "validation-failed", "virus-scan-failed",
}  # fmt: skip


REPORTS = Pushes(
    store=mailbox.STORE,
    address=lambda: f"{settings.PORTAL_URL}/partenaires/courriel/avis",
    headers=lambda report, content, now: {
        "Content-Type": "application/json",
        "Authorization": f"Bearer {Options(os.environ, 'MAILER').secret('NOTIFY_CALLBACK_TOKEN', DEMO_CALLBACK_TOKEN)}",
    },
    pauses=(timedelta(minutes=5),) * 5,
)
every_tick(REPORTS.send_ready)


class _Refused(Exception):
    def __init__(self, status: int, error: str, message: str) -> None:
        super().__init__(message)
        self.status, self.error, self.message = status, error, message

    def response(self) -> JsonResponse:
        errors = [{"error": self.error, "message": self.message}]
        return JsonResponse({"status_code": self.status, "errors": errors}, status=self.status)


@faults.faulty(mailbox.STORE)
@require_POST
def send_email(request: HttpRequest) -> HttpResponse:
    try:
        _authenticate(request)
        wanted = _read_order(request)
        subject, body = _render(wanted)
    except _Refused as refusal:
        return refusal.response()
    now = clock.now()
    local = wanted["email_address"].partition("@")[0].lower()
    if local == "slow":
        time.sleep(faults.SLOW_SECONDS)
    identity = str(uuid.uuid4())
    status = _FAILURES.get(local, "delivered")
    if status == "delivered":
        mailbox.deliver(_mail(wanted, subject, body, identity, now), [wanted["email_address"]], now)
    kept = _notification(request, wanted, subject, body, identity, status, now)
    with mailbox.STORE.locked():
        mailbox.STORE.put("notification", identity, kept)
        REPORTS.keep_as_told(identity, _report(kept), now)
    answer = {
        "id": identity,
        "reference": kept["reference"],
        "uri": _address(request, identity),
        "scheduled_for": None,
        "template": kept["template"],
        "content": {"subject": subject, "body": body, "from_email": "ne-pas-repondre@escale.example"},
    }
    return JsonResponse(answer, status=201)


@faults.faulty(mailbox.STORE)
@require_GET
def list_notifications(request: HttpRequest) -> HttpResponse:
    """Latest first, 250 a page, filtered by ``reference``, ``status``, ``template_type``, ``older_than``."""
    try:
        _authenticate(request)
        wanted = _status_filter(request)
    except _Refused as refusal:
        return refusal.response()
    found = [document for _, document in mailbox.STORE.all("notification")][::-1]
    if reference := request.GET.get("reference"):
        found = [document for document in found if document["reference"] == reference]
    if wanted:
        found = [document for document in found if document["status"] in wanted]
    if request.GET.get("template_type", "email") != "email":
        found = []
    if older := request.GET.get("older_than"):
        places = [place for place, document in enumerate(found) if document["id"] == older]
        found = found[places[0] + 1 :] if places else []
    links = {"current": request.build_absolute_uri()}
    page = found[:_PAGE]
    if page:  # as the service does: the end is known by an empty page
        following = request.GET.copy()
        following["older_than"] = page[-1]["id"]
        links["next"] = f"{request.build_absolute_uri(request.path)}?{following.urlencode()}"
    return JsonResponse({"notifications": page, "links": links})


@faults.faulty(mailbox.STORE)
@require_GET
def one_notification(request: HttpRequest, identity: uuid.UUID) -> HttpResponse:
    try:
        _authenticate(request)
    except _Refused as refusal:
        return refusal.response()
    found = mailbox.STORE.get("notification", str(identity))
    if found is None:
        return _Refused(404, "NoResultFound", "No result found").response()
    return JsonResponse(found)


def _status_filter(request: HttpRequest) -> set[str]:
    wanted = set(request.GET.getlist("status"))
    if unknown := wanted - _STATUSES:
        raise _Refused(400, "ValidationError", f"status {min(unknown)} is not one of {sorted(_STATUSES)}")
    return wanted


def _authenticate(request: HttpRequest) -> None:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise _Refused(401, "AuthError", "Unauthorized: authentication token must be provided")
    service, secret = service_and_secret(DEMO_NOTIFY_KEY)
    try:
        claims = jwt.decode(token, OctKey.import_key(secret.encode()), algorithms=["HS256"]).claims
    except (JoseError, ValueError):
        raise _Refused(403, "AuthError", "Invalid token: signature, api token not found") from None
    if claims.get("iss") != service:
        raise _Refused(403, "AuthError", "Invalid token: service not found")
    if not isinstance(claims.get("iat"), int) or abs(claims["iat"] - clock.now().timestamp()) > _CLOCK_DRIFT:
        raise _Refused(403, "AuthError", "Error: Your system clock must be accurate to within 30 seconds")


def _read_order(request: HttpRequest) -> dict[str, Any]:
    try:
        order = json.loads(request.body)
    except ValueError:
        raise _Refused(400, "BadRequestError", "Invalid JSON supplied in POST data") from None
    if not isinstance(order, dict):
        raise _Refused(400, "BadRequestError", "Invalid JSON supplied in POST data")
    for name in ("email_address", "template_id"):
        if not isinstance(order.get(name), str):
            raise _Refused(400, "ValidationError", f"{name} is a required property")
    allowed = {"email_address", "template_id", "personalisation", "reference", "email_reply_to_id"}
    if extra := set(order) - allowed:
        message = f"Additional properties are not allowed ({min(extra)} was unexpected)"
        raise _Refused(400, "ValidationError", message)
    if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", order["email_address"]):
        raise _Refused(400, "ValidationError", "email_address Not a valid email address")
    if not isinstance(order.get("personalisation") or {}, dict):
        raise _Refused(400, "ValidationError", "personalisation is not of type object")
    if order["template_id"] not in TEMPLATES:
        raise _Refused(400, "BadRequestError", "Template not found")
    return order


def _render(order: dict[str, Any]) -> tuple[str, str]:
    """Fill the template. A value that is missing, or that no template knows, is a mistake of the caller."""
    values = order.get("personalisation") or {}
    subject, body = TEMPLATES[order["template_id"]]
    names = set(_PLACEHOLDER.findall(subject + body))
    if missing := names - set(values):
        raise _Refused(400, "BadRequestError", f"Missing personalisation: {', '.join(sorted(missing))}")
    if unknown := set(values) - names:
        raise _Refused(400, "BadRequestError", f"Unknown personalisation: {', '.join(sorted(unknown))}")

    def fill(found: re.Match[str]) -> str:
        value = values[found.group(1)]
        return str(value.get("filename", "")) if isinstance(value, dict) else str(value)

    return _PLACEHOLDER.sub(fill, subject), _PLACEHOLDER.sub(fill, body)


def _mail(order: dict[str, Any], subject: str, body: str, identity: str, now: datetime) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = DEMO_SENDER, order["email_address"], " ".join(subject.split())
    mail["Date"], mail["Message-ID"] = format_datetime(now), f"<{identity}@notify.escale.example>"
    mail.set_content(body)
    for value in (order.get("personalisation") or {}).values():
        if isinstance(value, dict):
            try:
                content = base64.b64decode(value["file"], validate=True)
            except (KeyError, TypeError, ValueError):
                continue
            mail.add_attachment(
                content, maintype="application", subtype="ics", filename=str(value.get("filename", "invite.ics"))
            )
    return mail.as_bytes()


def _address(request: HttpRequest, identity: str) -> str:
    return request.build_absolute_uri(f"/courriel/v2/notifications/{identity}")


def _report(kept: dict[str, Any]) -> dict[str, Any]:
    """The delivery report, as the service posts it."""
    return {
        "id": kept["id"],
        "reference": kept["reference"],
        "to": kept["email_address"],
        "status": kept["status"],
        "created_at": kept["created_at"],
        "completed_at": kept["completed_at"],
        "sent_at": kept["sent_at"],
        "notification_type": kept["type"],
        "template_id": kept["template"]["id"],
        "template_version": kept["template"]["version"],
    }


def _notification(
    request: HttpRequest, order: dict[str, Any], subject: str, body: str, identity: str, status: str, now: datetime
) -> dict[str, Any]:
    stamp = now.isoformat().replace("+00:00", "Z")
    return {
        "id": identity,
        "reference": order.get("reference"),
        "email_address": order["email_address"],
        "type": "email",
        "status": status,
        "template": {"id": order["template_id"], "version": 1, "uri": f"/v2/template/{order['template_id']}"},
        "subject": subject,
        "body": body,
        "created_at": stamp,
        "sent_at": stamp,
        "completed_at": stamp,
        "scheduled_for": None,
    }
