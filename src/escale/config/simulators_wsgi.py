"""WSGI of the simulators, with their ticker and their mail sink."""

import os
import threading

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "escale.config.simulator_settings")

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()

from escale.partners.kit import ticker  # noqa: E402 - after Django is ready
from escale.partners.mailer.simulator import sink  # noqa: E402 - after Django is ready

_STOP = threading.Event()
sink.start()
ticker.start(_STOP)
