"""Pages of step 3 on the portal."""

from django.urls import path

from escale.steps.step3_posted_items import citizen_views as views, citizen_views_print

urlpatterns = [
    path("demande/<str:ref>/envoi/", views.posting, name="posting"),
    path("demande/<str:ref>/envoi/poste/", views.posting_announce, name="posting_announce"),
    path("demande/<str:ref>/envoi/bordereau.pdf", views.posting_cover_sheet, name="posting_cover_sheet"),
    path("demande/<str:ref>/envoi/photo/", citizen_views_print.print_check, name="print_check"),
    path("demande/<str:ref>/envoi/photo/image", citizen_views_print.print_picture, name="print_picture"),
    path("demande/<str:ref>/envoi/etiquette/", views.posting_label, name="posting_label"),
    path("demande/<str:ref>/envoi/etiquette/fabriquer/", views.posting_label_generate, name="posting_label_generate"),
    path("demande/<str:ref>/envoi/etiquette/importer/", views.posting_label_import, name="posting_label_import"),
    path("demande/<str:ref>/envoi/etiquette/saisir/", views.posting_label_type, name="posting_label_type"),
    path("demande/<str:ref>/envoi/etiquette/fichier", views.posting_label_file, name="posting_label_file"),
]
