"""Hours on the pages of simulators."""

from django.utils.translation import override

from escale.partners.kit.templatetags.moments import day, moment


def test_an_hour_is_read_as_people_say_it_in_universal_time():
    with override("fr"):
        assert moment("2026-03-02T14:05:00.123456+00:00") == "lundi 2 mars 2026 à 14:05"
        assert moment("2026-03-02T23:30:00-05:00") == "mardi 3 mars 2026 à 04:30"


def test_a_day_may_be_that_of_an_hour():
    with override("fr"):
        assert day("2026-03-02") == "2 mars 2026"
        assert day("2026-12-31T23:59:00+00:00") == "31 décembre 2026"
