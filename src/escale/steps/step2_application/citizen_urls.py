"""Pages of step 2 on the portal."""

from django.urls import path

from escale.steps.step2_application.citizen_views import pages, photo_rules, stamp, submission, uploads

CASE = "demande/<str:ref>/"
PAGE = CASE + "fichiers/<uuid:document>/<int:number>"
urlpatterns = [
    path(CASE + "motif/", pages.motive, name="application_motive"),
    path(CASE + "identite/", pages.identity, name="application_identity"),
    path(CASE + "coordonnees/", pages.contact, name="application_contact"),
    path(CASE + "passeport-actuel/", pages.passport, name="application_passport"),
    path(CASE + "documents/", uploads.documents, name="application_documents"),
    path(CASE + "documents/<slug:kind>/", uploads.document, name="application_document"),
    path(CASE + "fichiers/<uuid:document>/retirer", uploads.remove, name="application_remove"),
    path(PAGE, uploads.picture, name="application_picture"),
    path(PAGE + "/vignette", uploads.small_picture, name="application_thumbnail"),
    path(PAGE + "/retirer", uploads.remove_page, name="application_remove_page"),
    path(PAGE + "/monter", uploads.move_page, {"by": -1}, name="application_up"),
    path(PAGE + "/descendre", uploads.move_page, {"by": 1}, name="application_down"),
    path(CASE + "fichiers/<uuid:document>/controle", uploads.check_state, name="application_check"),
    path(CASE + "fichiers/<uuid:document>/contester", uploads.contest, name="application_contest"),
    path(CASE + "fichiers/<uuid:document>/cadrer", uploads.use_frame, name="application_frame"),
    path("photo/controle/", photo_rules.photo_rules, name="photo_rules"),
    path("photo/controle.json", photo_rules.photo_rules_json, name="photo_rules_json"),
    path(CASE + "photo/", uploads.photo, name="application_photo"),
    path(CASE + "timbre/", stamp.stamp_page, name="application_stamp"),
    path(CASE + "timbre/acheter", stamp.buy, name="application_buy"),
    path(CASE + "timbre/changer", stamp.change, name="application_change_stamp"),
    path(CASE + "timbre/recommencer", stamp.leave_payment, name="application_leave_payment"),
    path(CASE + "timbre/retour", stamp.payment_return, name="application_payment_return"),
    path(CASE + "recapitulatif/", submission.review, name="application_review"),
    path(CASE + "envoyee/", submission.sent, name="application_sent"),
    path(CASE + "ma-demande/", submission.summary, name="application_summary"),
    path(CASE + "retirer/", submission.withdraw, name="application_withdraw"),
]
