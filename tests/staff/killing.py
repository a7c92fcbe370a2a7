"""Kill a worker with signal 9 at every statement of writing an upload and of undoing it; print what went wrong."""

import contextlib
import datetime
import json
import os
import signal
import sys
from collections.abc import Callable
from typing import Any

import django
import time_machine

MORNING = datetime.datetime(2026, 11, 16, 6, tzinfo=datetime.UTC)
HEADERS = (
    "Фамилия", "Имя", "Отчество", "СНИЛС", "Должность", "Классное руководство", "Учебный профиль", "Статус подтверждён",
)  # fmt: skip


def main() -> None:
    """Prepare a school, then kill and resume until both jobs run through unharmed."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "rollout.settings"
    django.setup()
    from django.core.management import call_command  # noqa: PLC0415  Django is set up by then

    call_command("migrate", verbosity=0)
    found = {"written": 0, "undone": 0, "partial": 0, "lost": 0, "doubled": 0}
    with time_machine.travel(MORNING, tick=False) as clock:
        portal = Portal(clock)
        before = portal.snapshot()
        _, after = portal.applied(0, found, before, None)
        portal.undo(0, found, after, before)
        killed = {"written": True, "undone": True}
        for point in range(1, 200):
            killed["written"], _ = portal.applied(point, found, before, after)
            killed["undone"] = portal.undo(point, found, after, before)
            if not any(killed.values()):
                break
    sys.stdout.write(json.dumps(found))


class Portal:
    """A school with a list, and the upload that changes, adds, dismisses, swaps two numbers and gives classes."""

    def __init__(self, clock: Any) -> None:
        from schools.models import Region, School, SchoolClass, User  # noqa: PLC0415
        from staff.models import ClassTeacher, StaffAccount, StaffMember  # noqa: PLC0415
        from tests.staff.uploads import SNILS, csv_of  # noqa: PLC0415

        self.clock = clock
        region = Region.objects.get(code="78")
        self.root = User.objects.create_superuser("root", password="password")
        self.school = School.objects.create(code="s1", region=region, short_name="Школа", full_name="Школа")
        people = [
            StaffMember.objects.create(
                school=self.school, last_name=name, first_name="Пётр", patronymic="Ильич", snils=number
            )
            for name, number in zip(("Арбузов", "Вязов", "Грушин", "Ежов"), SNILS, strict=False)
        ]
        day = datetime.date(2026, 9, 1)
        for person in people:
            StaffAccount.objects.create(staff=person, school=self.school, platform=1, profile_on=day)
        led = SchoolClass.objects.create(school=self.school, year=2026, grade=7, letter="Б")
        ClassTeacher.objects.create(staff=people[0], school_class=led)
        self.data = csv_of(
            ("Арбузов", "Пётр", "Ильич", SNILS[1], "учитель", "8А", "да", "да"),
            ("Вязов", "Пётр", "Ильич", SNILS[0], "методист", "7Б", "нет", ""),
            ("Грушин", "Пётр", "Ильич", "", "учитель", "", "", ""),
            ("Зимин", "Пётр", "Ильич", SNILS[5], "учитель", "9В", "да", ""),
            headers=HEADERS,
        )  # Ежов is not named: he leaves

    def snapshot(self) -> list[str]:
        """What the list holds, whatever the numbers of rows and versions."""
        from schools.models import SchoolClass  # noqa: PLC0415
        from staff.models import ClassTeacher, StaffAccount, StaffMember  # noqa: PLC0415

        sets = (
            StaffMember.objects.values_list("last_name", "snils", "position", "is_teacher", "left_on"),
            StaffAccount.objects.values_list(
                "staff__last_name", "profile_on", "confirmed_on", "closed_on", "is_teacher"
            ),
            ClassTeacher.objects.values_list("staff__last_name", "school_class__grade", "school_class__letter"),
            SchoolClass.objects.values_list("grade", "letter"),
        )
        return [line for rows in sets for line in sorted(map(repr, rows))]

    def applied(
        self, point: int, found: dict[str, int], before: list[str], after: list[str] | None
    ) -> tuple[bool, list[str]]:
        """Write a fresh upload, killed at a statement; return whether it was, and the list afterwards."""
        from staff.imports import services  # noqa: PLC0415
        from staff.tasks import run_import  # noqa: PLC0415

        made = services.start_import(school=self.school, data=self.data, shown_name="a.csv", mode="full", by=self.root)
        run_import(made.pk)
        services.request_apply(made, by=self.root)
        killed = self._run(made.pk, point, found, "written", (before, after))
        now = self.snapshot()
        found["lost"] += after is not None and now == before
        found["doubled"] += after is not None and now not in (before, after)
        return killed, now

    def undo(self, point: int, found: dict[str, int], after: list[str], before: list[str]) -> bool:
        """Take the latest upload back, killed at a statement; return whether it was."""
        from staff.imports import services  # noqa: PLC0415
        from staff.models import StaffImport  # noqa: PLC0415

        latest = StaffImport.objects.latest("pk")
        services.request_undo(latest, by=self.root)
        killed = self._run(latest.pk, point, found, "undone", (after, before))
        now = self.snapshot()
        found["lost"] += now == after
        found["doubled"] += now not in (before, after)
        return killed

    def _run(self, pk: int, point: int, found: dict[str, int], what: str, ends: tuple[Any, Any]) -> bool:
        """Do the job in a child that dies before a statement (0: never), then be the reaper and the next worker."""
        from django.db import connection  # noqa: PLC0415

        from schools import jobs  # noqa: PLC0415
        from staff.models import StaffImport  # noqa: PLC0415
        from staff.tasks import run_import  # noqa: PLC0415

        connection.close()
        child = os.fork()
        if child == 0:
            _work_until(pk, point)
        killed = os.waitpid(child, 0)[1] == signal.SIGKILL
        found[what] += killed
        found["partial"] += ends[1] is not None and self.snapshot() not in ends
        self.clock.shift(datetime.timedelta(minutes=2))
        jobs.resend_lost(lambda job: run_import(job.pk))
        upload = StaffImport.objects.get(pk=pk)
        found["lost"] += upload.state != jobs.JobState.DONE
        return killed


def _work_until(pk: int, point: int) -> None:
    from django.db import connection  # noqa: PLC0415

    from staff.tasks import run_import  # noqa: PLC0415

    left = point

    def count_down(execute: Callable[..., Any], *arguments: Any) -> Any:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(*arguments)

    with contextlib.suppress(BaseException), connection.execute_wrapper(count_down):
        run_import(pk)
    os._exit(0)


if __name__ == "__main__":
    main()
