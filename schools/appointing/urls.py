"""Addresses of appointing."""

from django.urls import path

from schools.appointing.views import accepting, bulk, card, lists

urlpatterns = [
    path("appointments/", lists.appointments, name="appointments"),
    path("appointments/new/", card.new, name="appointment_new"),
    path("appointments/bulk/", bulk.sheets, name="appointment_sheets"),
    path("appointments/bulk/template.xlsx", bulk.template, name="appointment_template"),
    path("appointments/bulk/<int:pk>/", bulk.sheet, name="appointment_sheet"),
    path("appointments/bulk/<int:pk>/progress/", bulk.progress, name="appointment_sheet_progress"),
    path("appointments/bulk/<int:pk>/act/", bulk.act, name="appointment_sheet_act"),
    path("appointments/<int:pk>/", card.card, name="appointment"),
    path("appointments/<int:pk>/act/", card.act, name="appointment_act"),
    path("appointments/<int:pk>/hand-over/", card.hand_over, name="appointment_hand_over"),
    path("invitations/", accepting.accept, name="invitation_accept"),
    path("invitations/<str:token>/", accepting.opened, name="invitation"),
]
