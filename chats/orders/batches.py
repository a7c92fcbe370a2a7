"""The same order for many schools: drafts in each, all of them as one archive with one register."""

import datetime
import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from chats.models import Order, OrderBatch, OrderTemplate
from chats.orders import drafting
from chats.orders.docx import docx_of
from chats.orders.drafting import OrderRefused
from chats.orders.fields import Field, Kind, asked_of
from chats.orders.issuing import BLANK, missing_in, paper_of
from chats.orders.text import slots_of
from schools import jobs
from schools.exports import Sheet, xlsx_file
from schools.jobs import Progress
from schools.models import Municipality, Region, School, StoredFile, User
from schools.models.files import fingerprint
from schools.scope import Level
from schools.senders import Sender, schools_of, speaks_for

MOST_SCHOOLS = 1000
COMMON = (Kind.DATE, Kind.TEXT, Kind.ACTS)  # what is the same for all schools; people and chats are each school's own
HEADER = ("№", "Школа", "Код", "Заголовок", "Чего не хватает", "Кто подписывает", "Файл")


def without(template: OrderTemplate, schools: Any) -> Any:
    """Of these schools, those that have neither a draft nor an order in force by this text."""
    have = Order.objects.exclude(state=Order.State.CANCELLED).filter(template__key=template.key, school__isnull=False)
    return schools.exclude(pk__in=have.values("school"))


def common_fields(template: OrderTemplate) -> list[Field]:
    """The fields of a text that are asked once for all schools."""
    return [field for field in asked_of(slots_of(template.text)) if field.kind in COMMON]


@transaction.atomic
def prepare(
    *, sender: Sender, template: OrderTemplate, values: Mapping[str, Any], school_ids: frozenset[int], by: User
) -> OrderBatch:
    """Keep the wish and queue the job. Raises OrderRefused without a right, a school, or for too many of them."""
    if not speaks_for(by, sender):
        raise OrderRefused("Приказы школам готовит координатор этой территории.")
    if template.level != Level.SCHOOL:
        raise OrderRefused("Этот приказ издают не школы: выберите другой шаблон.")
    drafting.check_values(values)
    chosen = list(
        schools_of(sender, by).filter(pk__in=school_ids).order_by("name_key", "pk").values_list("pk", flat=True)
    )
    if not chosen:
        raise OrderRefused("Выберите хотя бы одну школу.")
    if len(chosen) > MOST_SCHOOLS:
        raise OrderRefused(f"За один раз — не больше {MOST_SCHOOLS} школ: выберите муниципалитет.")
    batch = OrderBatch(
        region=sender if isinstance(sender, Region) else None,
        municipality=sender if isinstance(sender, Municipality) else None,
        template=template,
        values=drafting.printable(dict(values)),
        school_ids=chosen,
        created_by=by,
    )
    jobs.enqueue(batch)
    return batch


@dataclass(frozen=True, slots=True)
class Made:
    """A draft in the archive: its file and its line of the register."""

    name: str
    line: tuple[Any, ...]


def perform(batch: OrderBatch, progress: Progress[OrderBatch]) -> None:
    """Begin a draft in every school that has none of this batch, then put all of them into the archive."""
    by = batch.created_by
    schools = School._default_manager.filter(pk__in=batch.school_ids).select_related("municipality", "region")
    found = list(schools.order_by("name_key", "pk"))
    progress.step(0, len(found))
    if by is None or not speaks_for(by, batch.place):
        raise jobs.JobRefused("Тот, кто начал, здесь больше не координатор: подготовьте приказы заново.")
    stream, lines = io.BytesIO(), []
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, school in enumerate(found, start=1):
            try:
                order = _draft(batch, school, by)
            except OrderRefused as refusal:  # moved away or closed meanwhile: the others go on
                lines.append((number, school.short_name, school.code, "", str(refusal), "", ""))
            else:
                made = _made(number, order, school)
                archive.writestr(made.name, docx_of(paper_of(order, BLANK)))
                lines.append(made.line)
            progress.step(number, len(found))
        archive.writestr("Реестр.xlsx", xlsx_file([Sheet("Реестр", HEADER, lines)]).read())
    OrderBatch.objects.filter(pk=batch.pk).update(archive=_kept(batch, stream.getvalue()))


@transaction.atomic
def _draft(batch: OrderBatch, school: School, by: User) -> Order:
    """The school's draft by this text: that of the batch or one begun before, so that no school has it twice."""
    School._default_manager.select_for_update().get(pk=school.pk)
    drafts = Order.objects.filter(school=school, template__key=batch.template.key, state=Order.State.DRAFT)
    mine = Order.objects.filter(school=school, batch=batch)
    found = mine.select_related("school", "template").first() or drafts.select_related("school", "template").first()
    if found is not None and found.batch_id is None:
        Order.objects.filter(pk=found.pk).update(batch=batch)
    return found or drafting.begin(place=school, template=batch.template, by=by, values=batch.values, batch=batch)


def _made(number: int, order: Order, school: School) -> Made:
    missing = ", ".join(field.label for field in missing_in(order))
    if not order.signer_name:
        missing = ", ".join(part for part in (missing, "кто подписывает") if part)
    name = f"{number:04d} {file_name(school.short_name)}.docx"
    return Made(
        name, (number, school.short_name, school.code, order.subject, missing or "ничего", order.signer_name, name)
    )


def file_name(text: str) -> str:
    """A name that every file system takes: no slashes, quotes, colons, controls; at most 80 signs."""
    return (
        "".join(sign for sign in text if sign.isprintable() and sign not in '\\/:*?"<>|«»').strip(" .")[:80] or "школа"
    )


def _kept(batch: OrderBatch, data: bytes) -> StoredFile:
    """The archive, erased with the uploads: the drafts stay."""
    day = timezone.localdate(batch.created_at) if batch.created_at else datetime.date.min
    return StoredFile.objects.create(
        region=batch.region or batch.municipality.region,  # type: ignore[union-attr]
        shown_name=f"Приказы {day:%d.%m.%Y}.zip",
        size=len(data),
        sha256=fingerprint(data),
        content=data,
        uploaded_by=batch.created_by,
    )
