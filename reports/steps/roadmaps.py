"""A region's roadmap as a document with its status, and the facts beside it, written by its coordinator."""

import datetime
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from reports.steps.services import StepRefused, rules_place
from schools import papers
from schools.models import (
    Municipality,
    MunicipalityRegistration,
    Region,
    RegionIntegration,
    Roadmap,
    StoredFile,
    User,
)
from schools.platforms import MY_SCHOOL, SFERUM
from schools.texts import date_text

FIRST_DAY = datetime.date(2020, 1, 1)  # the platforms are younger


@dataclass(frozen=True, slots=True)
class Paper:
    """What a coordinator says of the document."""

    title: str
    status: str
    number: str = ""
    signed_on: datetime.date | None = None
    note: str = ""


def _may(region: Region, by: User) -> None:
    if not rules_place(by, region):
        raise StepRefused("Дорожную карту ведёт координатор региона.")


@transaction.atomic
def keep_roadmap(*, region: Region, paper: Paper, by: User, file: tuple[str, bytes] | None = None) -> Roadmap:
    """Keep a new document of the region; the earlier ones that were approved are marked as replaced.

    Raises StepRefused without a title, for an unknown status, and for a file that is neither PDF nor DOCX.
    """
    _may(region, by)
    title = " ".join(paper.title.split())
    if not title or len(title) > 300:
        raise StepRefused("Впишите название документа, до 300 знаков.")
    if paper.status not in Roadmap.Status.values:
        raise StepRefused("Такого состояния нет. Выберите из предложенных.")
    signed = {Roadmap.Status.APPROVED, Roadmap.Status.SENT}
    if paper.status in signed and not (paper.number and paper.signed_on):
        raise StepRefused("У утверждённого документа есть номер и дата: впишите их.")
    stored = _stored(region, file, by) if file else None
    if paper.status in signed:
        Roadmap.objects.filter(region=region, status__in=signed).update(status=Roadmap.Status.REPLACED)
    return Roadmap.objects.create(
        region=region, title=title, status=paper.status, number=paper.number[:40], signed_on=paper.signed_on,
        note=" ".join(paper.note.split())[:500], file=stored, created_by=by,
    )  # fmt: skip


def _stored(region: Region, file: tuple[str, bytes], by: User) -> StoredFile:
    name, data = file
    if problem := papers.why_not(data, papers.DOCUMENTS):
        raise StepRefused(problem)
    return papers.keep_paper(name=name, data=data, by=by, place=region)


def _refuse_future(day: datetime.date | None) -> None:
    """What has been done was done in the years of the platforms and by today."""
    if day is not None and not FIRST_DAY <= day <= timezone.localdate():
        raise StepRefused(f"Такого дня быть не может: впишите день с {date_text(FIRST_DAY)} по сегодняшний.")


@transaction.atomic
def say_integration(
    *, region: Region, status: str, system_name: str, done_on: datetime.date | None, by: User
) -> RegionIntegration:
    """Say how the region's own system stands with «Моя школа». Raises StepRefused."""
    _may(region, by)
    if status not in RegionIntegration.Status.values:
        raise StepRefused("Такого состояния нет. Выберите из предложенных.")
    done = status == RegionIntegration.Status.DONE
    if done and done_on is None:
        raise StepRefused("Впишите дату, когда интеграция завершена.")
    _refuse_future(done_on if done else None)
    facts = {"status": status, "system_name": " ".join(system_name.split())[:200], "done_on": done_on if done else None}
    row, _ = RegionIntegration.objects.update_or_create(region=region, platform=MY_SCHOOL.number, defaults=facts)
    return row


@transaction.atomic
def register_municipality(*, municipality: Municipality, registered_on: datetime.date | None, by: User) -> None:
    """Say since when a municipality is registered on Сферум, or that it is not (None). Raises StepRefused."""
    if not rules_place(by, municipality):
        raise StepRefused("Регистрацию отмечает координатор региона или этого муниципалитета.")
    _refuse_future(registered_on)
    rows = MunicipalityRegistration.objects
    if registered_on is None:
        rows.filter(municipality=municipality, platform=SFERUM.number).delete()
    else:
        facts = {"registered_on": registered_on, "closed_on": None}
        rows.update_or_create(municipality=municipality, platform=SFERUM.number, defaults=facts)
