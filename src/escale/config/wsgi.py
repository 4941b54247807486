"""WSGI of the product: all three sites, told apart by the Host header."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "escale.config.settings")

from django.core.wsgi import get_wsgi_application

from escale.steps.step4_interview import rules_holidays

application = get_wsgi_application()
rules_holidays.load()
