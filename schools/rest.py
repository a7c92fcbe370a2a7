"""What a REST request passes before its view: bearer token, format, body, OPTIONS (no views here)."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import timedelta
from typing import IO, TYPE_CHECKING, Any

import orjson
from django.conf import settings
from django.db import DatabaseError
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from knox.crypto import hash_token
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import APIException, AuthenticationFailed, NotAcceptable, ParseError, PermissionDenied
from rest_framework.metadata import BaseMetadata
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.parsers import BaseParser, MultiPartParser
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from schools.addresses import exact_address_of, network_of
from schools.models import AccessToken, Appointment, User
from schools.scope import held_with, limit_to, remember_held

if TYPE_CHECKING:
    from rest_framework.views import APIView

WRONG_TOKEN = "Токен не подошёл: он неверен, отозван или истёк. Выпустите новый в профиле: /profile/tokens/."
WRONG_NETWORK = "Этот токен не принимают с адреса, с которого вы обратились. Адреса перечислены при его выпуске."
USE_WRITTEN_EVERY = timedelta(minutes=5)  # a token's last use is known to within so much


class BearerAuthentication(BaseAuthentication):
    """`Authorization: Bearer …`: one query by the token's digest, so that revoking or expiry works at once.

    The owner's appointments of today come with it.
    """

    def authenticate(self, request: Request) -> tuple[User, AccessToken] | None:
        """Return the token's owner and the token; None where the header speaks of something else."""
        parts = request.META.get("HTTP_AUTHORIZATION", "").split()
        if not parts or parts[0].lower() != "bearer":
            return None
        if len(parts) != 2 or not parts[1].isascii():
            raise AuthenticationFailed(WRONG_TOKEN)
        known = self.tokens(request).filter(digest=hash_token(parts[1]))
        token = known.exclude(expiry__lte=timezone.now()).first()
        if token is None or not token.user.is_active:
            raise AuthenticationFailed(WRONG_TOKEN)
        if not token.takes(exact_address_of(request._request)):
            raise PermissionDenied(WRONG_NETWORK)
        if token.limit is not None:
            limit_to(token.user, token.limit)
        remember_held(token.user, token.held)
        _write_use(token, request._request)
        return token.user, token

    def tokens(self, request: Request) -> Any:
        """All tokens with their owners; a view that wants more by the same query says so in `with_token`."""
        view: Any = (request.parser_context or {}).get("view")
        more = view.with_token(request) if hasattr(view, "with_token") else {}
        held = held_with("user_id", Appointment.objects.all())
        return AccessToken.objects.select_related("user", "municipality", "school").annotate(held=held, **more)

    def authenticate_header(self, request: Request) -> str:
        """What the 401 asks for."""
        return "Bearer"


def _write_use(token: AccessToken, request: HttpRequest) -> None:
    """Write down that a token was used: rarely, and never at the price of the request."""
    now = timezone.now()
    if token.used_at is not None and token.used_at > now - USE_WRITTEN_EVERY:
        return
    stale = Q(used_at=None) | Q(used_at__lte=now - USE_WRITTEN_EVERY)
    with suppress(DatabaseError):
        AccessToken.objects.filter(stale, pk=token.pk).update(used_at=now, used_from=network_of(request))


class TokenReadsOnly(BasePermission):
    """A token only reads, unless the view names the token's flag that opens the action (`token_flags`)."""

    message = "Этот токен только для чтения. Для загрузки нужен токен, выпущенный с этим правом."

    def has_permission(self, request: Request, view: "APIView") -> bool:
        """Tell whether the request may go on."""
        if request.method in SAFE_METHODS or not isinstance(request.auth, AccessToken):
            return True
        if not hasattr(view, str(request.method).lower()):
            return True  # nobody may, with any token: the view answers 404 or 405
        flag = getattr(view, "token_flags", {}).get(getattr(view, "action", None))
        return bool(flag and getattr(request.auth, flag))


class KindNegotiation(DefaultContentNegotiation):
    """DRF's choice of a renderer; an unknown `?format=` says which there are."""

    def filter_renderers(self, renderers: Iterable[Any], format: str) -> list[Any]:
        """Renderers of the format asked for."""
        renderers = list(renderers)
        fitting = [renderer for renderer in renderers if renderer.format == format]
        if not fitting:
            known = ", ".join(renderer.format for renderer in renderers)
            raise NotAcceptable(f"Формата «{format[:20]}» здесь нет. Есть: {known}.")
        return fitting


class TooLarge(APIException):
    """The body is larger than a request may be; the words are those of schools/problems.py."""

    status_code = 413
    default_detail = ""
    default_code = "too_large"


class JSONParser(BaseParser):
    """JSON by orjson: no NaN, no bottomless nesting, no more bytes than an upload may have."""

    media_type = "application/json"

    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        """Return the value; raises ParseError with a Russian sentence."""
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        body = stream.read(limit + 1)
        if len(body) > limit:
            raise TooLarge
        try:
            return orjson.loads(body)
        except orjson.JSONDecodeError as error:
            raise ParseError(f"Тело запроса — не JSON: строка {error.lineno}, знак {error.colno}.") from error


class FormParser(MultiPartParser):
    """A form with files; one that cannot be taken apart is refused in our words."""

    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        """Return fields and files; raises ParseError with a Russian sentence."""
        try:
            return super().parse(stream, media_type, parser_context)
        except ParseError as error:
            raise ParseError(BROKEN_FORM) from error


BROKEN_FORM = (
    "Тело запроса не разобрать как multipart/form-data. Проверьте границу (boundary) в заголовке Content-Type: "
    "её ставит программа отправки, вручную этот заголовок не пишут."
)


class PlainMetadata(BaseMetadata):
    """What OPTIONS answers: name, formats in and out; no fields, so no names of other people's places."""

    def determine_metadata(self, request: Request, view: "APIView") -> dict[str, Any]:
        """Return the description."""
        return {
            "name": view.get_view_name(),
            "renders": [renderer.media_type for renderer in view.renderer_classes],
            "parses": [parser.media_type for parser in view.parser_classes],
            "schema": "/api/v1/schema/",
        }
