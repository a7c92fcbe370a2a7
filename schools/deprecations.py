"""What of REST is on its way out: addresses and parameters, since when, until when, what to use instead (data).

RFC 9745 gives the header `Deprecation`, RFC 8594 the header `Sunset`. To put something out of use, add an entry: the
answers of that address then say so, and so does its description in the schema.
"""

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.http import http_date

PREFIX = "/api/v1/"
LEAST_NOTICE = dt.timedelta(days=183)  # between the word and the end
POLICY_URL = "/api/v1/docs/"
POLICY = """### Доступ

По токену: `Authorization: Bearer …`. Токен выпускают в профиле, `/profile/tokens/`; он видит не больше своего
владельца. Ограниченный местом видит то, что видел бы ответственный за одно это место: людей и школы — только
его, в рейтингах — и соседей: муниципалитету видны все муниципалитеты региона, региону — все регионы и страна.

### Ошибки

Любая ошибка — `application/problem+json` по RFC 9457: `status`, `title` и `detail`, русское предложение о
том, что сделать; в неверном теле запроса — ещё и `errors`: поле и сообщение.

### Сколько можно спрашивать

Запросы считаются по токену. В каждом ответе заголовки `RateLimit-Policy: "requests";q=6000;w=3600` (сколько
за сколько секунд) и `RateLimit: "requests";r=5999;t=1800` (сколько осталось и через сколько секунд счёт
начнётся заново). Сверх предела — 429 с `Retry-After`.

### Сколько живёт адрес

Адреса, параметры и поля в `/api/v1/` не меняют смысла и не исчезают без предупреждения; новые поля и
параметры могут появиться в любой день, поэтому незнакомые поля пропускайте. То, что решено убрать, работает
ещё не меньше шести месяцев и всё это время отвечает с заголовками `Deprecation` (RFC 9745: с какого дня не
рекомендуется), `Sunset` (RFC 8594: до какого дня работает) и `Link` с `rel="deprecation"`, а в этом описании
помечено `deprecated` и сказано, чем заменить. Несовместимое выйдет под `/api/v2/`; `/api/v1/` после этого
работает не меньше года.

### Вебхуки

Чтобы не спрашивать, вышла ли неделя, заведите вебхук в профиле, `/profile/webhooks/`: портал сам отправит
`POST` с подписью по Standard Webhooks (`webhook-id`, `webhook-timestamp`, `webhook-signature`: HMAC-SHA256 от
`id.timestamp.body`). Ответьте 2xx; иначе он повторит через 1, 5, 30 минут, 2, 6 и 24 часа. Одно и то же
сообщение может прийти дважды: номер у него один."""


@dataclass(frozen=True, slots=True)
class Deprecated:
    """An address as the schema writes it, «weeks/{week}/», or a parameter of it; `instead` is a Russian sentence."""

    path: str
    since: dt.date
    until: dt.date
    instead: str
    parameter: str = ""

    @property
    def pattern(self) -> "re.Pattern[str]":
        """What addresses it means."""
        parts = re.split(r"\{\w+\}", f"{PREFIX}{self.path}")
        return re.compile("[^/]+".join(map(re.escape, parts)))

    def concerns(self, request: HttpRequest) -> bool:
        """Whether a request uses it."""
        used = not self.parameter or self.parameter in request.GET
        return used and self.pattern.fullmatch(request.path) is not None


DEPRECATED: tuple[Deprecated, ...] = ()


def tell_deprecated(request: HttpRequest, response: HttpResponse, known: Iterable[Deprecated] | None = None) -> None:
    """Write the headers of what a request uses; of several things the earliest end counts."""
    used = [each for each in (DEPRECATED if known is None else known) if each.concerns(request)]
    if not used:
        return
    response["Deprecation"] = f"@{_seconds(min(each.since for each in used))}"
    response["Sunset"] = http_date(_seconds(min(each.until for each in used)))
    response["Link"] = ", ".join(filter(None, [response.get("Link"), f'<{POLICY_URL}>; rel="deprecation"']))


def _seconds(day: dt.date) -> int:
    return int(dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC).timestamp())


def mark_deprecated(paths: Mapping[str, Mapping[str, dict[str, object]]], known: Iterable[Deprecated]) -> None:
    """Mark operations and parameters in an OpenAPI description."""
    for each in known:
        for operation in paths.get(f"{PREFIX}{each.path}", {}).values():
            parts: list[dict[str, object]] = [operation]
            if each.parameter:
                listed: list[dict[str, object]] = operation.get("parameters", [])  # type: ignore[assignment]
                parts = [part for part in listed if part.get("name") == each.parameter]
            for part in parts:
                part["deprecated"] = True
                told = f"Устарело, работает до {each.until:%d.%m.%Y}. {each.instead}"
                part["description"] = f"{told}\n\n{part.get('description', '')}".strip()
