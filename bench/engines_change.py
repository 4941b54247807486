"""What other engines take for one durable step or one stored transition: read by bench.engines, in an environment of
its own where they are installed. Prints, for each, the median in milliseconds.

    python engines_change.py POSTGRESQL_URL TIMES
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable
from urllib.parse import urlsplit

import django
from django.conf import settings


def _timed(work: Callable[[int], object], times: int) -> float:
    found = []
    for place in range(times + 20):
        start = time.perf_counter()
        work(place)
        found.append(time.perf_counter() - start)
    return 1000 * statistics.median(found[20:])


def viewflow(url: str, times: int) -> float:
    """A transition of viewflow.fsm on a model, stored with a line of its history, in one transaction."""
    parts = urlsplit(url)
    database = {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": parts.username,
        "HOST": parts.hostname,
        "PORT": parts.port,
        "CONN_MAX_AGE": None,
    }
    settings.configure(DATABASES={"default": database}, INSTALLED_APPS=["django.contrib.contenttypes"], USE_TZ=True)
    django.setup()
    from django.db import connection, models, transaction  # noqa: PLC0415 - once the settings are there
    from viewflow import fsm  # noqa: PLC0415

    class Request(models.Model):
        state = models.CharField(max_length=20, default="submitted")

        class Meta:
            app_label = "bench"

    class History(models.Model):
        request = models.ForeignKey(Request, on_delete=models.CASCADE)
        source = models.CharField(max_length=20)
        target = models.CharField(max_length=20)
        at = models.DateTimeField(auto_now_add=True)

        class Meta:
            app_label = "bench"

    class Flow:
        state = fsm.State(["submitted", "accepted"], default="submitted")

        def __init__(self, request: Request) -> None:
            self.request = request

        @state.setter()
        def _set(self, value: str) -> None:
            self.request.state = value

        @state.getter()
        def _get(self) -> str:
            return self.request.state

        @state.on_success()
        def _stored(self, _descriptor: object, source: str, target: str) -> None:
            self.request.save()
            History.objects.create(request=self.request, source=source, target=target)

        @state.transition(source="submitted", target="accepted")
        def accept(self) -> None:
            pass

    with connection.schema_editor() as editor:
        editor.create_model(Request)
        editor.create_model(History)
    keys = [Request.objects.create().pk for _ in range(times + 20)]

    def accept(place: int) -> None:
        with transaction.atomic():
            Flow(Request.objects.select_for_update().get(pk=keys[place])).accept()

    return _timed(accept, times)


def dbos(url: str, times: int) -> float:
    """A workflow of one step, both recorded durably."""
    from dbos import DBOS  # noqa: PLC0415 - it starts threads where it is imported

    DBOS(config={"name": "bench", "system_database_url": url, "log_level": "ERROR"})

    @DBOS.step()
    def accept(place: int) -> str:
        return f"accepted {place}"

    @DBOS.workflow()
    def change(place: int) -> str:
        return accept(place)

    DBOS.launch()
    try:
        return _timed(change, times)
    finally:
        DBOS.destroy()


def main(url: str, times: int) -> None:
    found: dict[str, float | str] = {}
    for name, engine in (("viewflow", viewflow), ("DBOS", dbos)):
        try:
            found[name] = engine(url, times)
        except Exception as failed:
            found[name] = f"{type(failed).__name__}: {failed}"
    print(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
