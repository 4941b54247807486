"""Pages of step 3 on the desk."""

from django.urls import path

from escale.steps.step3_posted_items import agent_views as views, agent_views_print

urlpatterns = [
    path("bureau/courrier/", views.desk_mail, name="desk_mail"),
    path("bureau/courrier/<str:ref>/controle/", views.desk_verify_items, name="desk_verify_items"),
    path("bureau/courrier/<str:ref>/remplacement/", views.desk_replacement, name="desk_replacement"),
    path("bureau/courrier/<str:ref>/mesure/", agent_views_print.desk_print_check, name="desk_print_check"),
    path("bureau/courrier/<str:ref>/mesure/image", agent_views_print.desk_print_picture, name="desk_print_picture"),
    path("bureau/courrier/<str:ref>/renvoi/", views.desk_send_back, name="desk_send_back"),
    path("bureau/courrier/<str:ref>/etiquette", views.desk_label_file, name="desk_label_file"),
]
