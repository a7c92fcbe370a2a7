"""Addresses of places, ratings and indicators."""

from django.urls import URLPattern, URLResolver, path

from reports.views import checks, letters, library, places, ratings, roadmaps, steps

urlpatterns: list[URLPattern | URLResolver] = [
    path("", places.home, name="home"),
    path("country/", places.country, name="country"),
    path("regions/<str:code>/", places.region, name="region"),
    path("municipalities/<int:pk>/", places.municipality, name="municipality"),
    path("schools/<int:pk>/", places.school, name="school"),
    path("places/<str:level>/<int:place_id>/indicators/<str:key>/", places.breakdown, name="breakdown"),
    path("ratings/", ratings.ratings, name="ratings"),
    path("indicators/", ratings.indicators, name="indicators"),
    path("indicators/<str:key>/", ratings.indicator, name="indicator"),
    path("library/<slug:key>/", library.legal_act, name="legal_act"),
    path("steps/", steps.steps, name="steps"),
    path("regions/<str:code>/steps/", steps.region_steps, name="region_steps"),
    path("municipalities/<int:pk>/steps/", steps.municipality_steps, name="municipality_steps"),
    path("regions/<str:code>/roadmap/", roadmaps.region_roadmap, name="region_roadmap"),
    path("municipalities/<int:pk>/roadmap/", roadmaps.municipality_roadmap, name="municipality_roadmap"),
    path("roadmaps/<int:pk>/file/", roadmaps.roadmap_file, name="roadmap_file"),
    path("schools/<int:pk>/steps/", steps.school_steps, name="school_steps"),
    path("schools/<int:pk>/steps/mark/", steps.mark, name="step_mark"),
    path("schools/<int:pk>/steps/plan/", steps.plan, name="step_plan"),
    path("schools/<int:pk>/steps/master/", steps.master, name="step_master"),
    path("digest/", letters.digest, name="digest"),
    path("digest/stop/<str:token>/", letters.digest_stop, name="digest_stop"),
    path("letters/", letters.letters, name="letters"),
    path("letters/new/", letters.new, name="letter_new"),
    path("letters/<int:pk>/", letters.letter, name="letter"),
    path("letters/<int:pk>/letter.docx", letters.document, name="letter_document"),
    path("contacts/", letters.contacts, name="contacts"),
    path("search/", ratings.search, name="search"),
    path("jobs/", ratings.jobs, name="jobs"),
    path("checks/", checks.check_list, name="checks"),
    path("checks/run/", checks.run, name="checks_run"),
    path("checks/work/", checks.work, name="checks_work"),
    path("checks/work/list.xlsx", checks.work_file, name="checks_work_file"),
    path("checks/<slug:key>/", checks.check, name="check"),
    path("checks/<slug:key>/list.xlsx", checks.check_file, name="check_file"),
]
