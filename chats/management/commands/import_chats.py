"""Load a spreadsheet of chats, or an operator's export, into a school: shows the plan, does it with --apply."""

import json
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from chats.models import ChatImport
from chats.talks.sheet import services
from chats.talks.sheet.plan import FIELD_TITLES, UNKNOWN
from chats.talks.sheet.showing import plan_of
from chats.talks.sheet.work import perform
from schools import jobs
from schools.commands import actor_of, school_of
from schools.headers import untaken_text
from schools.texts import counted
from staff.imports.services import ImportRefused
from staff.models import ImportStage

SHOWN = 50


class Command(BaseCommand):
    """The same code as the page's, from the command line."""

    help = "Загружает чаты школы из xlsx, xls, ods или csv: свою таблицу или выгрузку оператора."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """FILE --school КОД [--apply] [--json] [--by LOGIN]."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--school", required=True, help="код школы, ОГРН или ИНН")
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
            started = services.start_import(school=school, data=data, shown_name=options["file"].name, by=actor)
            upload = self._run(started)
            if options["apply"] and upload.stage == ImportStage.PLANNED and services.has_work(upload):
                upload = self._run(services.request_apply(upload, by=actor))
                self._check_applied(upload)
            elif (
                upload.stage == ImportStage.PLANNED and upload.created_at >= begun
            ):  # not one that waits for its school
                upload.stage = ImportStage(services.discard(upload, by=actor).stage)
        except ImportRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        self._print(upload, as_json=options["json"])

    @staticmethod
    def _check_applied(upload: ChatImport) -> None:
        """A plan that was made anew waits for eyes: nothing has been brought in, and a script must not go on."""
        if upload.stage != ImportStage.APPLIED:
            why = next(iter(upload.summary.get("said", [])), "План пересчитан.")
            raise CommandError(f"Ничего не внесено. {why} Загрузка {upload.pk} ждёт на портале.")

    @staticmethod
    def _run(upload: ChatImport) -> ChatImport:
        """Do the job here, unless a worker was quicker: then wait for it."""
        jobs.run(ChatImport, upload.pk, perform)
        upload.refresh_from_db()
        while not upload.is_over:
            time.sleep(0.2)
            jobs.run(ChatImport, upload.pk, perform)
            upload.refresh_from_db()
        if upload.error:
            raise CommandError(upload.error)
        return upload

    def _print(self, upload: ChatImport, *, as_json: bool) -> None:
        summary = upload.summary
        if as_json:
            self.stdout.write(json.dumps({"import": upload.pk, "stage": upload.stage, **summary}, ensure_ascii=False))
        if upload.stage == ImportStage.REFUSED:
            raise CommandError(summary["refusal"])
        if not as_json:
            self._print_plan(upload)

    def _print_plan(self, upload: ChatImport) -> None:
        summary = upload.summary
        done = "Внесено" if upload.stage == ImportStage.APPLIED else "План (ничего не внесено)"
        self.stdout.write(
            f"{done}: новых {summary['new']}, изменятся {summary['changed']}, без изменений {summary['same']}, "
            f"ждут исправления {summary['waiting']}, не узнали {summary['unrecognised']}; "
            f"всего {counted(summary['rows'], 'строка', 'строки', 'строк')}."
        )
        untaken = [untaken_text(summary["unknown"])] if summary["unknown"] else []
        for sentence in [*summary["said"], *untaken]:
            self.stdout.write(f"  {sentence}")
        plan = plan_of(upload)
        for mistake in [mistake for row in plan.rows for mistake in row.mistakes][:SHOWN]:
            hint = f" → {mistake.suggestion}" if mistake.suggestion else ""
            self.stdout.write(f"  {mistake.address} {mistake.header}: {mistake.message}{hint}")
        for row in plan.of(UNKNOWN)[:SHOWN]:
            self.stdout.write(f"  строка {row.row}: не узнали «{row.title}»")
        for row in [row for row in plan.rows if row.changes][:SHOWN]:
            fields = ", ".join(FIELD_TITLES[key] for key in row.changes)
            self.stdout.write(f"  строка {row.row}: изменится {fields}")
        for number, title, why in summary.get("left", [])[:SHOWN]:
            self.stdout.write(f"  строка {number}: не внесли «{title}». {why}")
