"""The peer of bench.page: a Django site with one view and nothing else, rendering as many bytes as the page measured.

No middleware, no session, no database, no translation: a loop in a template, the escaping on. ``BENCH_BARE_TEXT`` names
the file whose lines it renders.
"""

from __future__ import annotations

import os
from pathlib import Path

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates"}]
settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"], SECRET_KEY="bench", TEMPLATES=TEMPLATES, MIDDLEWARE=[])
application = get_wsgi_application()
LINES = Path(os.environ["BENCH_BARE_TEXT"]).read_text(encoding="utf-8").splitlines()
PAGE = engines["django"].from_string("{% for line in lines %}{{ line }}\n{% endfor %}")


def page(request: HttpRequest) -> HttpResponse:
    text = PAGE.render({"lines": LINES}).encode()
    return HttpResponse(text, headers={"Content-Length": str(len(text))})


urlpatterns = [path("", page)]
