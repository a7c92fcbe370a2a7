"""Addresses of places, ratings and indicators."""

from django.urls import URLPattern, URLResolver, path

from reports.views import places, ratings

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
    path("search/", ratings.search, name="search"),
    path("jobs/", ratings.jobs, name="jobs"),
]
