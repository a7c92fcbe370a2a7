"""Addresses of REST under /api/v1/: resources, the schema and its page, and a problem for every other address."""

import inspect
import re
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

from chats.api import LegalActViewSet, ResourceViewSet
from chats.orders.api.orders import OrderViewSet
from chats.orders.api.readers import AcknowledgementViewSet
from chats.orders.api.templates import OrderTemplateViewSet
from chats.talks.api import ChatViewSet, ExpectedChatsViewSet, UseCaseViewSet
from reports.api.activity import ActivityViewSet
from reports.api.alerts import AlertViewSet
from reports.api.chats import ChatCoverageViewSet
from reports.api.checks import CheckViewSet
from reports.api.comparisons import ComparisonViewSet
from reports.api.figures import FigureViewSet
from reports.api.indicators import IndicatorViewSet
from reports.api.paths import PathViewSet
from reports.api.ratings import RatingViewSet
from reports.api.roadmaps import RoadmapViewSet
from reports.api.steps import StepMarkViewSet, StepViewSet
from reports.api.weeks import WeekViewSet
from rollout.schema import whole_schema
from schools.api import MunicipalityViewSet, RegionViewSet, SchoolViewSet
from schools.appointing.api import AppointmentViewSet
from schools.feed.api import ChangeViewSet
from schools.reconciling.api import ReconciliationViewSet, SchoolChangeViewSet
from staff.api import ImportViewSet, StaffViewSet
from staff.rosters.api.classes import ClassViewSet
from staff.rosters.api.guardians import DeletionViewSet, GuardianViewSet
from staff.rosters.api.pupils import PupilViewSet

RESOURCES: dict[str, type[ViewSetMixin]] = {
    "regions": RegionViewSet,
    "municipalities": MunicipalityViewSet,
    "schools": SchoolViewSet,
    "appointments": AppointmentViewSet,
    "reconciliations": ReconciliationViewSet,
    "school-changes": SchoolChangeViewSet,
    "staff": StaffViewSet,
    "imports": ImportViewSet,
    "classes": ClassViewSet,
    "pupils": PupilViewSet,
    "guardians": GuardianViewSet,
    "deletions": DeletionViewSet,
    "changes": ChangeViewSet,
    "order-templates": OrderTemplateViewSet,
    "orders": OrderViewSet,
    "acknowledgements": AcknowledgementViewSet,
    "legal-acts": LegalActViewSet,
    "resources": ResourceViewSet,
    "use-cases": UseCaseViewSet,
    "chats": ChatViewSet,
    "expected-chats": ExpectedChatsViewSet,
    "chat-coverage": ChatCoverageViewSet,
    "indicators": IndicatorViewSet,
    "weeks": WeekViewSet,
    "ratings": RatingViewSet,
    "paths": PathViewSet,
    "comparisons": ComparisonViewSet,
    "alerts": AlertViewSet,
    "activity": ActivityViewSet,
    "figures": FigureViewSet,
    "steps": StepViewSet,
    "step-marks": StepMarkViewSet,
    "roadmaps": RoadmapViewSet,
    "checks": CheckViewSet,
}

CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)
SUMMARIES = {"list": "Список", "retrieve": "Одна запись"}

router = DefaultRouter()
router.include_format_suffixes = False
for name, viewset in RESOURCES.items():
    router.register(name, viewset, basename=f"api-{name}")


def in_russian(result: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
    """Describe resources by their viewsets and drop what is written for programmers (a hook of drf-spectacular)."""
    result["tags"] = [{"name": name, "description": inspect.getdoc(view) or ""} for name, view in RESOURCES.items()]
    operations = [each for methods in result.get("paths", {}).values() for each in methods.values()]
    for part in [*operations, *result.get("components", {}).get("schemas", {}).values()]:
        if not CYRILLIC.search(part.get("description", "")):
            part.pop("description", None)
    for operation in operations:
        last = operation["operationId"].rsplit("_", 1)[-1]
        operation.setdefault("summary", SUMMARIES.get(last, ""))
    return result


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
