"""Events that webhooks tell of (data), and one event as whoever makes it hands it over."""

import datetime
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from schools.models import Municipality, Region, School

Place = Region | Municipality | School


@dataclass(frozen=True, slots=True)
class EventKind:
    """A kind of event one may ask to be told of."""

    key: str
    title: str
    hint: str


WEEK_PUBLISHED = EventKind("week.published", "неделя опубликована", "Вышел рейтинг недели или его новая редакция")
EVENT_KINDS = (WEEK_PUBLISHED,)
PING = EventKind("webhook.ping", "проверка", "Отправлена кнопкой «Проверить»")
KIND_BY_KEY = {kind.key: kind for kind in (*EVENT_KINDS, PING)}


@dataclass(frozen=True, slots=True)
class Event:
    """What happened; the same thing has the same `key` for ever; `data_for` gives the data, by the webhook's place.

    No data about people: a webhook says that there is something to fetch, and where; REST then asks who fetches it.
    """

    kind: EventKind
    key: str
    happened_at: datetime.datetime
    data_for: Callable[[Place | None], Mapping[str, Any]]

    @property
    def message_id(self) -> str:
        """The header webhook-id: by it the other side knows that it has had the event already."""
        return f"msg_{uuid.uuid5(uuid.NAMESPACE_URL, f'{self.kind.key}:{self.key}').hex}"
