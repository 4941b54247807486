"""Two hands, two workers: one wins, the other is told; nothing is lost."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, connections, transaction

from escale.case import events as e
from escale.case.decision import Decision
from escale.ledger import verify
from escale.ledger.models import Entry
from escale.ledger.record import StaleCase, changing
from escale.people.actors import job
from escale.worker import outbox
from tests.factories.cases import NOON, a_case

pytestmark = pytest.mark.django_db(transaction=True)


def together(count, work):
    """Run ``work(number)`` in threads started at once; returns what each returned or raised."""
    barrier, results = threading.Barrier(count), [None] * count

    def run(number):
        barrier.wait()
        try:
            results[number] = work(number)
        except Exception as error:
            results[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_of_many_hands_on_one_version_exactly_one_wins():
    case = a_case("submitted")
    version = case.version

    def accept(number):
        with changing(case.id, actor=job(f"hand-{number}"), now=NOON, version=version) as change:
            change.record(Decision.of(e.ApplicationAccepted()))
        return "won"

    results = together(8, accept)
    assert results.count("won") == 1
    assert sum(isinstance(result, StaleCase) for result in results) == 7
    case.refresh_from_db()
    assert verify.verify_case(case) is None


def test_many_writers_on_one_case_lose_nothing():
    case = a_case("submitted")
    before = Entry.objects.filter(case=case).count()

    def note(number):
        with changing(case.id, actor=job(f"hand-{number}"), now=NOON) as change:
            change.record(Decision.of(e.NoteAdded()))

    assert together(12, note) == [None] * 12
    assert Entry.objects.filter(case=case).count() == before + 12
    case.refresh_from_db()
    assert verify.verify_case(case) is None


def test_two_workers_never_claim_the_same_effect():
    for _ in range(5):
        a_case("approved")
    claimed = together(4, lambda number: [effect.pk for effect in outbox.claim(NOON + timedelta(days=1), limit=40)])
    flat = [pk for result in claimed for pk in result]
    assert len(flat) == len(set(flat))


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the queue of writers is for SQLite alone")
def test_sqlite_writers_wait_their_turn():
    case = a_case("submitted")

    def slow(number):
        with transaction.atomic():
            assert connections["default"]._lock_file is not None
            Entry.objects.filter(case=case).count()
        return connections["default"]._lock_file

    assert together(6, slow) == [None] * 6
