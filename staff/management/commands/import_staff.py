"""Load a staff spreadsheet into a school: shows what would happen, does it with --apply."""

import json
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from schools import jobs
from schools.commands import actor_of, school_of
from schools.headers import untaken_text
from schools.texts import counted
from staff.imports import services
from staff.imports.performing import perform
from staff.imports.plan import FIELD_TITLES
from staff.imports.stored import unpack_plan
from staff.imports.words import nothing_text
from staff.models import ImportMode, ImportStage, StaffImport

SHOWN = 50


class Command(BaseCommand):
    """The same code as the page's, from the command line."""

    help = "Загружает список сотрудников школы из xlsx, xls, ods или csv."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """FILE --school КОД [--mode full] [--apply] [--json] [--by LOGIN]."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--school", required=True, help="код школы, ОГРН или ИНН")
        parser.add_argument("--mode", choices=ImportMode.values, default=ImportMode.UPDATE)
        parser.add_argument("--apply", action="store_true", help="внести; без этого только показать план")
        parser.add_argument("--json", action="store_true", help="итог в JSON")
        parser.add_argument(
            "--by", default="", help="логин того, от чьего имени вносится; по умолчанию первый суперпользователь"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Plan, and apply if asked; exit code 1 when the file was refused or, asked to be applied, was not."""
        school, actor = school_of(options["school"]), actor_of(options["by"])
        begun = timezone.now()
        try:
            data = options["file"].read_bytes()
        except OSError as error:
            raise CommandError(f"Файл не открывается: {error.strerror}.") from error
        try:
            upload = services.start_import(
                school=school, data=data, shown_name=options["file"].name, mode=options["mode"], by=actor
            )
            upload = self._run(upload)
            if options["apply"] and upload.stage == ImportStage.PLANNED and self._has_work(upload):
                upload = self._run(services.request_apply(upload, by=actor))
                self._check_applied(upload)
            elif (
                upload.stage == ImportStage.PLANNED and upload.created_at >= begun
            ):  # not one that waits for its school
                upload.stage = ImportStage(services.discard(upload, by=actor).stage)
        except services.ImportRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        self._print(upload, as_json=options["json"])

    @staticmethod
    def _check_applied(upload: StaffImport) -> None:
        """A plan that was made anew waits for eyes: nothing has been brought in, and a script must not go on."""
        if upload.stage != ImportStage.APPLIED:
            why = next(iter(upload.summary.get("said", [])), "План пересчитан.")
            raise CommandError(f"Ничего не внесено. {why} Загрузка {upload.pk} ждёт на портале.")

    @staticmethod
    def _has_work(upload: StaffImport) -> bool:
        return any(upload.summary[key] for key in ("new", "changed", "leaving"))

    @staticmethod
    def _run(upload: StaffImport) -> StaffImport:
        """Do the job here, unless a worker was quicker: then wait for it."""
        jobs.run(StaffImport, upload.pk, perform)
        upload.refresh_from_db()
        while not upload.is_over:
            time.sleep(0.2)
            jobs.run(StaffImport, upload.pk, perform)
            upload.refresh_from_db()
        if upload.error:
            raise CommandError(upload.error)
        return upload

    def _print(self, upload: StaffImport, *, as_json: bool) -> None:
        summary = upload.summary
        if as_json:
            self.stdout.write(json.dumps({"import": upload.pk, "stage": upload.stage, **summary}, ensure_ascii=False))
        if upload.stage == ImportStage.REFUSED:
            raise CommandError(summary["refusal"])
        if not as_json:
            self._print_plan(upload)

    def _print_plan(self, upload: StaffImport) -> None:
        summary = upload.summary
        done = "Внесено" if upload.stage == ImportStage.APPLIED else "План (ничего не внесено)"
        self.stdout.write(
            f"{done}: новых {summary['new']}, изменятся {summary['changed']}, без изменений {summary['same']}, "
            f"ждут исправления {summary['waiting']}, выбывают {summary['leaving']}; "
            f"всего {counted(summary['rows'], 'строка', 'строки', 'строк')}."
        )
        if upload.stage != ImportStage.APPLIED and not self._has_work(upload):
            self.stdout.write(f"  {nothing_text(summary)}")
        untaken = [untaken_text(summary["unknown"])] if summary["unknown"] else []
        for sentence in [*summary["said"], *untaken]:
            self.stdout.write(f"  {sentence}")
        plan = unpack_plan(upload.plan_data)
        for mistake in [mistake for row in plan.rows for mistake in row.mistakes][:SHOWN]:
            hint = f" → {mistake.suggestion}" if mistake.suggestion else ""
            self.stdout.write(f"  {mistake.address} {mistake.header}: {mistake.message}{hint}")
        for row in [row for row in plan.rows if row.changes][:SHOWN]:
            fields = ", ".join(FIELD_TITLES[key] for key in row.changes)
            self.stdout.write(f"  строка {row.row}: изменится {fields}")
