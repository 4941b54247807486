from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "escale.people"
    label = "people"
