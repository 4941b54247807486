"""Pages of step 5 on the desk."""

from django.urls import URLPattern, path

from escale.steps.step5_dispatch import agent_views

urlpatterns: list[URLPattern] = [
    path("bureau/expeditions/", agent_views.bench, name="desk_dispatch"),
    path("bureau/expeditions/arrivee", agent_views.arrive, name="desk_arrival"),
    path("bureau/expeditions/depart", agent_views.dispatch, name="desk_parcel"),
    path("bureau/dossiers/<str:ref>/commander", agent_views.order_again, name="desk_order_again"),
    path("bureau/dossiers/<str:ref>/nouvelle-photo", agent_views.ask_photo, name="desk_new_photo"),
    path("bureau/dossiers/<str:ref>/detruire", agent_views.destroy, name="desk_destroy"),
    path("bureau/dossiers/<str:ref>/nouvelle-etiquette", agent_views.fresh_label, name="desk_fresh_label"),
    path("bureau/dossiers/<str:ref>/nouvelle-etiquette.pdf", agent_views.print_label, name="desk_fresh_label_pdf"),
]
