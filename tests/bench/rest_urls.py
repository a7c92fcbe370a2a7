"""The portal's addresses and an empty answer of REST behind a token, which the benches time as a floor."""

from django.http import HttpResponse
from django.urls import URLPattern, URLResolver, path
from rest_framework.request import Request
from rest_framework.views import APIView

from rollout.urls import urlpatterns as portal


class Empty(APIView):
    """Nothing, to whoever has a token."""

    schema = None

    def get(self, request: Request) -> HttpResponse:
        """Answer."""
        return HttpResponse(b"", content_type="text/plain")


urlpatterns: list[URLPattern | URLResolver] = [path("bench-empty/", Empty.as_view()), *portal]
