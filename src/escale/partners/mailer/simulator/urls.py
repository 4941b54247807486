"""The mailbox, its JSON, and the service compatible with Notify."""

from django.urls import path

from escale.partners.kit.faults import panel
from escale.partners.mailer.simulator import notify, views
from escale.partners.mailer.simulator.mailbox import STORE

app_name = "mailer_simulator"
urlpatterns = [
    path("", views.mailboxes, name="mailboxes"),
    path("vider", views.clear, name="clear"),
    path("messages/<str:identity>/", views.message, name="message"),
    path("messages/<str:identity>/html", views.message_html, name="html"),
    path("messages/<str:identity>/source", views.message_source, name="source"),
    path("messages/<str:identity>/pieces/<int:place>", views.attachment, name="attachment"),
    path("api/messages", views.api_messages, name="api-messages"),
    path("v2/notifications/email", notify.send_email, name="notify-email"),
    path("v2/notifications", notify.list_notifications, name="notify-list"),
    path("v2/notifications/<uuid:identity>", notify.one_notification, name="notify-one"),
    path("_pannes", panel(STORE)),
]
