"""What is left open where somebody answers: shown to whoever hands the place over."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.urls import reverse

from schools.appointing.states import NOT_IN, with_state
from schools.appointing.vacancies import vacant
from schools.jobs import concrete_jobs
from schools.models import Appointment, School
from schools.scope import AnyUser, Level, Paths, seen_rows
from schools.texts import counted

WAITING = "planned"  # the stage at which a plan waits for a person's word, in every job that has plans


@dataclass(frozen=True, slots=True)
class OpenWork:
    """One kind of unfinished business: «загрузки сотрудников: ждут подтверждения 2»."""

    text: str
    url: str = ""


def open_work(appointment: Appointment, viewer: AnyUser) -> list[OpenWork]:
    """Plans that wait for a word, people who have not come in, schools without anybody; as far as the viewer sees."""
    return [*_waiting_plans(appointment, viewer), *_unfinished_appointing(appointment, viewer)]


def _waiting_plans(appointment: Appointment, viewer: AnyUser) -> Iterator[OpenWork]:
    for model in concrete_jobs():
        stages = {field.name: field for field in model._meta.fields}.get("stage")
        if stages is None or WAITING not in dict(stages.choices or ()):
            continue
        rows = seen_rows(model, viewer).filter(_of(model, appointment), stage=WAITING)
        count = rows.count()
        if count:
            first: Any = rows.order_by("pk").only("pk").first()
            address = first.get_absolute_url() if hasattr(first, "get_absolute_url") else ""
            title = str(model._meta.verbose_name_plural)
            yield OpenWork(f"{title[:1].upper()}{title[1:]}: ждут подтверждения {count}", address)


def _of(model: type[Model], appointment: Appointment) -> Q:
    """The condition of a row about the appointment's place, or begun by its holder where rows have no place."""
    paths: Any = getattr(model, "sight", Paths())
    level = Level(appointment.level)
    named = {
        Level.REGION: (paths.region, appointment.region_id),
        Level.MUNICIPALITY: (paths.municipality, appointment.municipality_id),
        Level.SCHOOL: (paths.school, appointment.school_id),
    }
    path, pk = named.get(level, ((), None))
    rule = Q(pk__in=[])
    for each in (path,) if isinstance(path, str) else path:
        rule |= Q(**{each: pk})
    return rule if path else Q(created_by=appointment.user_id)


def _unfinished_appointing(appointment: Appointment, viewer: AnyUser) -> Iterator[OpenWork]:
    if appointment.level in {Level.COUNTRY, Level.SCHOOL}:
        return
    place = Q(region=appointment.region_id) if appointment.region_id else Q(municipality=appointment.municipality_id)
    schools: QuerySet[School] = School.objects.visible_to(viewer).open().filter(place)
    empty = vacant(schools).count()
    if empty:
        words = counted(empty, "школа", "школы", "школ")
        yield OpenWork(f"Без администратора: {words}", f"{reverse('appointments')}?show=vacant")
    below = Appointment.objects.visible_to(viewer).active().filter(school__in=schools.values("pk"))
    waiting = with_state(below).filter(state__in=NOT_IN).count()
    if waiting:
        people = counted(waiting, "администратор", "администратора", "администраторов")
        yield OpenWork(f"Назначены и ещё не входили: {people}", f"{reverse('appointments')}?show=waiting")
