"""Addresses of REST under /api/v1/: resources, the schema and its page, and a problem for every other address."""

from typing import Any

from csp.constants import SELF, UNSAFE_INLINE
from csp.decorators import csp_update
from django.http import Http404
from django.urls import path, re_path
from django.utils.decorators import method_decorator
from drf_spectacular.renderers import (
    OpenApiJsonRenderer,
    OpenApiJsonRenderer2,
    OpenApiYamlRenderer,
    OpenApiYamlRenderer2,
)
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import DefaultRouter
from rest_framework.views import APIView
from rest_framework.viewsets import ViewSetMixin

from reports.api.activity import ActivityViewSet
from reports.api.indicators import IndicatorViewSet
from reports.api.ratings import RatingViewSet
from reports.api.weeks import WeekViewSet
from rollout.schema import whole_schema
from schools.api import MunicipalityViewSet, RegionViewSet, SchoolViewSet
from staff.api import ImportViewSet, StaffViewSet

RESOURCES: dict[str, type[ViewSetMixin]] = {
    "regions": RegionViewSet,
    "municipalities": MunicipalityViewSet,
    "schools": SchoolViewSet,
    "staff": StaffViewSet,
    "imports": ImportViewSet,
    "indicators": IndicatorViewSet,
    "weeks": WeekViewSet,
    "ratings": RatingViewSet,
    "activity": ActivityViewSet,
}

router = DefaultRouter()
router.include_format_suffixes = False
for name, viewset in RESOURCES.items():
    router.register(name, viewset, basename=f"api-{name}")


class SchemaView(SpectacularAPIView):
    """Описание REST в формате OpenAPI."""

    renderer_classes = [OpenApiJsonRenderer, OpenApiJsonRenderer2, OpenApiYamlRenderer, OpenApiYamlRenderer2]
    schema = None

    def _get_schema_response(self, request: Request) -> Response:
        return Response(whole_schema())


@method_decorator(csp_update({"style-src": [SELF, UNSAFE_INLINE]}), name="dispatch")
class DocsView(SpectacularSwaggerSplitView):
    """Swagger UI из своих файлов; ему нужны встроенные стили, скрипты — только свои."""

    url_name = "api-schema"
    schema = None


class NothingHere(APIView):
    """An address that is not there answers in the shape of every other error."""

    schema = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse, once the person is known."""
        super().initial(request, *args, **kwargs)
        raise Http404


urlpatterns = [
    *router.urls,
    path("schema/", SchemaView.as_view(), name="api-schema"),
    path("docs/", DocsView.as_view(), name="api-docs"),
    re_path(r"^.*/$", NothingHere.as_view(), name="api-nothing"),
]
