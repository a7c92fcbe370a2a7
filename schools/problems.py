"""REST errors in one shape, RFC 9457 `application/problem+json`, with a Russian sentence that says what to do."""

import logging
import re
import traceback
from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db.utils import InterfaceError, OperationalError
from django.http import Http404, HttpResponse
from rest_framework import exceptions, status
from rest_framework.views import set_rollback

from schools.renderers import to_json

logger = logging.getLogger(__name__)

PROBLEM_TYPE = "application/problem+json"
TITLES = {
    400: "Запрос с ошибкой",
    401: "Нужен вход",
    403: "Нет права",
    404: "Не найдено",
    405: "Так обращаться нельзя",
    406: "Такого формата нет",
    409: "Сейчас это невозможно",
    412: "Запись уже изменилась",
    413: "Слишком большой запрос",
    415: "Неизвестный вид данных",
    429: "Слишком много запросов",
    500: "Ошибка портала",
    503: "Портал временно недоступен",
}
DETAILS = {
    401: "Передайте токен в заголовке «Authorization: Bearer …» или войдите на портал.",
    403: "У вас нет права на это действие. Если оно нужно, обратитесь к координатору.",
    404: "Здесь ничего нет, или это не относится к вашему региону, муниципалитету или школе.",
    405: "Этот адрес не принимает метод {method}.",
    400: "Запрос составлен с ошибкой. Посмотрите описание: /api/v1/docs/.",
    406: "Такого формата здесь нет. Посмотрите описание: /api/v1/docs/.",
    409: "Сейчас так сделать нельзя. Запросите запись ещё раз и посмотрите, что с ней.",
    412: "Запись изменили после того, как вы её прочли. Запросите её ещё раз и повторите с новым ETag.",
    413: "Тело запроса слишком большое. Разделите его на несколько запросов.",
    415: "Сюда отправляют {parsers}. Посмотрите описание: /api/v1/docs/.",
    429: "Запросов слишком много. Повторите через {wait} с.",
    500: "Что-то сломалось на нашей стороне. Попробуйте ещё раз; если повторится, напишите администратору портала.",
    503: "База данных не отвечает. Повторите запрос через 15 секунд.",
}


class Conflict(exceptions.APIException):
    """What was asked is right but cannot be done now."""

    status_code = status.HTTP_409_CONFLICT
    default_code = "conflict"

    def __init__(self, detail: str, *, retry_after: int = 0) -> None:
        """`retry_after` seconds the same request may well succeed; 0 where waiting does not help."""
        super().__init__(detail)
        self.retry_after = retry_after


def problem(error: Exception, context: Mapping[str, Any]) -> HttpResponse | None:
    """Turn any exception of a REST view into a problem; DRF calls this (EXCEPTION_HANDLER)."""
    set_rollback()
    if isinstance(error, Http404):
        return problem_response(404)
    if isinstance(error, PermissionDenied):
        return problem_response(403)
    if isinstance(error, exceptions.APIException):
        return _of_rest(error, context)
    if isinstance(error, SuspiciousOperation):  # refused by Django while a body was taken apart
        return problem_response(413 if isinstance(error, RequestDataTooBig) else 400)
    if isinstance(error, OperationalError | InterfaceError):
        return problem_response(503, headers={"Retry-After": "15"})
    if settings.DEBUG:
        return None
    last = traceback.extract_tb(error.__traceback__)[-1]
    logger.error("REST failed: %s at %s:%s", type(error).__name__, last.filename, last.lineno)
    return problem_response(500)


def problem_response(
    code: int,
    detail: str = "",
    errors: Sequence[Mapping[str, str]] = (),
    *,
    headers: Mapping[str, str] | None = None,
    method: str = "",
) -> HttpResponse:
    """A problem: type, title, status, detail and, for wrong input, errors of {field, message}."""
    stock = DETAILS.get(code, "").replace("{method}", method)
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": TITLES.get(code, "Ошибка"),
        "status": code,
        "detail": detail or (DETAILS[400] if "{" in stock or not stock else stock),
    }
    if errors:
        body["errors"] = list(errors)
    return HttpResponse(to_json(body), status=code, content_type=PROBLEM_TYPE, headers=dict(headers or {}))


def _of_rest(error: exceptions.APIException, context: Mapping[str, Any]) -> HttpResponse:
    headers: dict[str, str] = {}
    if getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = str(error.auth_header)  # type: ignore[attr-defined]
    if isinstance(error, exceptions.Throttled):
        wait = int(getattr(error, "wait", None) or 0) + 1
        return problem_response(429, DETAILS[429].format(wait=wait), headers={"Retry-After": str(wait)})
    if isinstance(error, Conflict) and error.retry_after:
        headers["Retry-After"] = str(error.retry_after)
    if isinstance(error, exceptions.ValidationError):
        errors = list(_flat(error.detail))
        return problem_response(400, _sentence(errors), errors)
    method = context["request"].method or ""
    return problem_response(error.status_code, _detail(error, context), headers=headers, method=method)


def _detail(error: exceptions.APIException, context: Mapping[str, Any]) -> str:
    """Our own sentence, '' where DRF's stock text gives way to ours."""
    if isinstance(error, exceptions.UnsupportedMediaType):
        kinds = " или ".join(parser.media_type for parser in context["request"].parsers)
        return DETAILS[415].format(parsers=kinds)
    own = str(error.detail)
    if own.startswith(_NO_CSRF):
        return "Страница устарела, или запрос прислан не с неё. Обновите страницу; программе нужен токен."
    stock = own == str(error.default_detail) or not _CYRILLIC.search(own)
    return "" if stock else own


_NO_CSRF = "CSRF"  # what DRF's sign-in by session begins with
_CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)


def _flat(detail: Any, path: str = "") -> Sequence[dict[str, str]]:
    """{"rows": [{"school": ["…"]}]} → [{"field": "rows.0.school", "message": "…"}]."""
    if isinstance(detail, Mapping):
        pairs = [(str(key), value) for key, value in detail.items()]
    elif isinstance(detail, list | tuple):
        if all(isinstance(item, str) for item in detail):
            return [{"field": path or "non_field_errors", "message": str(item)} for item in detail]
        pairs = [(str(index), value) for index, value in enumerate(detail)]
    else:
        return [{"field": path or "non_field_errors", "message": str(detail)}]
    return [each for key, value in pairs for each in _flat(value, f"{path}.{key}" if path else key)]


def _sentence(errors: Sequence[Mapping[str, str]]) -> str:
    first = errors[0] if errors else {"field": "", "message": "Проверьте данные запроса."}
    more = f" И ещё ошибок: {len(errors) - 1}." if len(errors) > 1 else ""
    named = "" if first["field"] in {"", "non_field_errors"} else f"{first['field']}: "
    stop = "" if first["message"].endswith((".", "!", "?", "…")) else "."
    return f"{named}{first['message']}{stop}{more}"
