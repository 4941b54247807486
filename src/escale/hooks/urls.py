"""Addresses of the hooks."""

from django.urls import path

from escale.hooks import franceconnect, issuance, mailer, payfip

urlpatterns = [
    path("franceconnect/jwks", franceconnect.public_keys, name="franceconnect_jwks"),
    path("franceconnect/redirections", franceconnect.redirect_addresses, name="franceconnect_redirections"),
    path("payfip/notification", payfip.notification, name="payfip_notification"),
    path("titres/evenements", issuance.events, name="issuance_events"),
    path("courriel/avis", mailer.reports, name="mail_reports"),
    path("courriel/retours", mailer.returns, name="mail_returns"),
]
