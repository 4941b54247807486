"""Pages of step 7 on the reception site."""

from django.urls import URLPattern, path

from escale.steps.step7_confirm_receipt import reception_views

urlpatterns: list[URLPattern] = [
    path("passeports/", reception_views.passports, name="reception_passports"),
    path("passeports/<str:ref>/", reception_views.confirm, name="reception_confirm"),
    path("passeports/<str:ref>/confirme/", reception_views.confirmed, name="reception_confirmed"),
    path("passeports/<str:ref>/confirmation.pdf", reception_views.receipt, name="reception_receipt"),
]
