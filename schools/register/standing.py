"""Whether a school works, as a register says it: «действует», «реорганизация», «приостановлена», «ликвидирована»."""

import datetime

from schools.register.reading import Record

_SUSPENDED = "Работа приостановлена: школа останется открытой. Закроем, когда в файле будет «ликвидирована»"
_REORGANISED = "Идёт реорганизация: школа останется открытой. Присоединение и разделение отмечают при сверке реестра"
_CLOSING = "Идёт ликвидация: школа останется открытой. Закроем, когда в файле будет «ликвидирована»"
_CLOSED_UNKNOWN = "Школа закрыта, а у нас её нет: не добавляем. Нужна для истории — впишите дату закрытия"
_CLOSED_TODAY = "Даты закрытия в файле нет: закроем сегодняшним днём. Знаете дату — впишите её"
_CONTRADICTION = "Статус «действует», а дата закрытия уже прошла: оставьте одно из двух"
_STILL_OPEN = {"suspended": _SUSPENDED, "reorganised": _REORGANISED, "closing": _CLOSING}


def settle_status(record: Record, *, known: bool, closed_on: datetime.date | None, today: datetime.date) -> None:
    """Turn the status of a row into a day of closing or a named problem.

    `known` says whether we have the school, `closed_on` when ours was closed.
    """
    status = record.values.get("status")
    if status == "closed":
        _close(record, known=known, closed_on=closed_on, today=today)
    elif status == "active":
        _work(record, closed_on=closed_on, today=today)
    elif status in _STILL_OPEN:
        record.wrong("status", status, _STILL_OPEN[status], "warning")


def _close(record: Record, *, known: bool, closed_on: datetime.date | None, today: datetime.date) -> None:
    if record.values.get("closed_on") or closed_on:
        return
    if not known:
        record.wrong("status", "closed_unknown", _CLOSED_UNKNOWN)
        return
    record.values["closed_on"] = today
    record.values["given"] |= {"closed_on"}
    record.wrong("status", "closed_today", _CLOSED_TODAY, "warning")


def _work(record: Record, *, closed_on: datetime.date | None, today: datetime.date) -> None:
    theirs = record.values.get("closed_on")
    if theirs and theirs <= today:
        record.wrong("status", "status_and_date", _CONTRADICTION)
    elif not theirs and closed_on and closed_on <= today:
        message = f"У нас школа закрыта {closed_on:%d.%m.%Y}, а в файле действует: если так, сотрите дату в её карточке"
        record.wrong("status", "works_again", message, "warning")
