"""Every simulator behind its prefix, in one process."""

from django.urls import include, path

urlpatterns = [
    path("", include("escale.partners.kit.urls")),
    path("franceconnect/", include("escale.partners.franceconnect.simulator.urls")),
    path("proconnect/", include("escale.partners.proconnect.simulator.urls")),
    path("registre/", include("escale.partners.register.simulator.urls")),
    path("timbre/", include("escale.partners.tax_stamp.simulator.urls")),
    path("dhl/", include("escale.partners.courier.simulator.urls")),
    path("webconf/", include("escale.partners.webconference.simulator.urls")),
    path("titres/", include("escale.partners.issuance.simulator.urls")),
    path("sltd/", include("escale.partners.border_alert.simulator.urls")),
    path("courriel/", include("escale.partners.mailer.simulator.urls")),
]
