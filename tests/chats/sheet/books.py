"""Files of chats for tests, sent through the same services as the pages, their jobs done at once."""

from collections.abc import Sequence
from typing import Any

from chats.models import Chat, ChatImport
from chats.talks.sheet import services
from chats.talks.sheet.plan import Plan, PlannedRow
from chats.talks.sheet.showing import plan_of
from chats.talks.sheet.work import perform
from schools import jobs
from schools.models import School, User
from tests.staff.uploads import csv_of

OWN = (
    "Кейс",
    "Класс",
    "Методическое объединение",
    "Канал",
    "Название",
    "Ссылка",
    "Номер на площадке",
    "Владелец",
    "Создан",
)
EXPORT = ("Название чата", "Ссылка-приглашение", "ID чата", "Участников", "Дата создания")


def work(upload: ChatImport) -> ChatImport:
    """Do an upload's job as a worker would; return the fresh row."""
    jobs.run(ChatImport, upload.pk, perform)
    return ChatImport.objects.get(pk=upload.pk)


def planned(school: School, by: User, data: bytes) -> ChatImport:
    """An upload whose plan is made."""
    return work(services.start_import(school=school, data=data, shown_name="чаты.csv", by=by))


def of_rows(school: School, by: User, *rows: Sequence[str], headers: Sequence[str] = EXPORT) -> ChatImport:
    """A planned upload of rows."""
    return planned(school, by, csv_of(*rows, headers=headers))


def applied(upload: ChatImport, by: User) -> ChatImport:
    """A planned upload, confirmed and written."""
    return work(services.request_apply(upload, by=by))


def undone(upload: ChatImport, by: User) -> ChatImport:
    """An applied upload taken back."""
    return work(services.request_undo(upload, by=by))


def fixed(upload: ChatImport, by: User, **fixes: str) -> ChatImport:
    """A plan made again with cells mended: r2_case="15" for «2:case»."""
    texts = {name[1:].replace("_", ":", 1): text for name, text in fixes.items()}
    return work(services.fix_cells(upload, fixes=texts, by=by))


def plan(upload: ChatImport) -> Plan:
    """The plan an upload keeps."""
    return plan_of(upload)


def row(upload: ChatImport, number: int = 2) -> PlannedRow:
    """One planned row."""
    return next(each for each in plan_of(upload).rows if each.row == number)


def told(upload: ChatImport) -> list[tuple[str, str]]:
    """(address, message) of every mistake and warning."""
    return [(one.address, one.message) for each in plan_of(upload).rows for one in each.mistakes]


def actions(upload: ChatImport) -> list[str]:
    """What is done with each row."""
    return [each.action for each in plan_of(upload).rows]


def state(school: School) -> list[dict[str, Any]]:
    """Everything the chats of a school hold, but for versions and moments."""
    fields = [field.attname for field in Chat._meta.concrete_fields if field.name not in {"version", "updated_at"}]
    return list(Chat.objects.filter(school=school).order_by("pk").values(*fields))


def versions(school: School) -> list[tuple[int, int]]:
    """(id, version) of each chat."""
    return list(Chat.objects.filter(school=school).order_by("pk").values_list("pk", "version"))
