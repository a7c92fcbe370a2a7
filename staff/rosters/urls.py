"""Addresses of classes, pupils, representatives, their uploads and the change of school years."""

from django.urls import path

from staff.rosters.views import classes, people, rollovers, uploads

urlpatterns = [
    path("schools/<int:pk>/classes/", classes.class_list, name="classes"),
    path("schools/<int:pk>/classes/new/", classes.class_new, name="class_new"),
    path("classes/<int:pk>/", classes.class_page, name="school_class"),
    path("classes/<int:pk>/edit/", classes.class_edit, name="class_edit"),
    path("schools/<int:pk>/pupils/", people.pupil_list, name="pupils"),
    path("schools/<int:pk>/pupils/new/", people.pupil_new, name="pupil_new"),
    path("pupils/<int:pk>/", people.pupil_page, name="pupil"),
    path("pupils/<int:pk>/leave/", people.pupil_leave, name="pupil_leave"),
    path("pupils/<int:pk>/guardians/new/", people.guardian_new, name="guardian_new"),
    path("guardians/<int:pk>/", people.guardian_page, name="guardian"),
    path("guardianships/<int:pk>/", people.guardianship_page, name="guardianship"),
    path("schools/<int:pk>/rosters/upload/", uploads.upload, name="roster_upload"),
    path("schools/<int:pk>/rosters/template.xlsx", uploads.template, name="roster_template"),
    path("schools/<int:pk>/rosters/oneroster.zip", uploads.oneroster, name="oneroster"),
    path("rosters/<int:pk>/", uploads.import_page, name="roster_import"),
    path("rosters/<int:pk>/progress/", uploads.import_progress, name="roster_progress"),
    path("rosters/<int:pk>/act/", uploads.import_act, name="roster_act"),
    path("rosters/<int:pk>/mistakes.xlsx", uploads.mistakes, name="roster_mistakes"),
    path("schools/<int:pk>/rollover/", rollovers.rollover_page, name="rollover"),
    path("rollovers/<int:pk>/", rollovers.rollover_done, name="rollover_done"),
]
