"""A whole region walked from step 1 to step 9 in a real browser, as each role in turn."""

import datetime
import io
import re
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone
from openpyxl import Workbook
from playwright.sync_api import Browser, Page, expect

from chats.models import Chat
from reports.activity import ActivityRow, ChatRow, record_activity
from reports.counting import count_week
from reports.models import SchoolStep
from reports.publishing import publish
from reports.steps.counting import count_steps
from reports.weeks import last_finished
from rollout.celery import app
from schools.jobs import JobState, concrete_jobs
from schools.models import Appointment, Municipality, Region, School, SchoolRegistration, User
from schools.platforms import SFERUM
from staff.models import StaffMember
from tests.test_browser import CHROMIUM, browser, file_of

__all__ = ["browser"]  # the fixture, found by its name

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]
PASSWORD = "очень-длинный-пароль-2026"
ROOT_PASSWORD = "password"
TEACHERS, CLASSES, PUPILS_A_CLASS = 10, 2, 3


def work() -> None:
    """Do every queued job, as a worker would."""
    app.loader.import_default_modules()
    for model in concrete_jobs():
        for pk in model.rows().filter(state=JobState.QUEUED).values_list("pk", flat=True):
            app.tasks[model.task_name](pk)


def book_of(**sheets: list[list[Any]]) -> bytes:
    """A workbook."""
    book = Workbook()
    del book["Sheet"]
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def official_list() -> bytes:
    """The region's official list: one school that the portal does not know yet."""
    head = [
        "Муниципалитет", "Полное наименование", "Краткое наименование", "ИНН", "КПП", "ОГРН", "Эл. почта",
        "Число педагогов", "Число классов", "Число учащихся",
    ]  # fmt: skip
    school = [
        "Невский район", "Государственное бюджетное общеобразовательное учреждение средняя школа № 5 Невского района",
        "ГБОУ СОШ № 5", "7707083893", "770701001", "1027700132195", "school5@example.ru",
        TEACHERS, CLASSES, CLASSES * PUPILS_A_CLASS,
    ]  # fmt: skip
    return book_of(Реестр=[head, school])


def staff_list() -> bytes:
    """The school's teachers."""
    names = "Анна Вера Галина Дарья Елена Жанна Зоя Ирина Клара Лидия".split()
    rows = [["Фамилия", "Имя", "Отчество", "Должность"]]
    rows += [["Учителева", name, "Петровна", "учитель"] for name in names[:TEACHERS]]
    return book_of(Сотрудники=rows)


def roster() -> bytes:
    """Classes with their teachers, pupils, and a registered representative of each."""
    leaders = StaffMember.objects.order_by("pk")[:CLASSES]
    classes: list[list[Any]] = [["Параллель", "Литера", "Классный руководитель"]]
    pupils: list[list[Any]] = [["Фамилия", "Имя", "Отчество", "Класс"]]
    guardians: list[list[Any]] = [
        ["Фамилия", "Имя", "Отчество", "Тип представителя", "Телефон", "Обучающийся (ФИО)", "Класс", "Зарегистрирован"]
    ]
    today = f"{timezone.localdate():%d.%m.%Y}"
    for number, leader in enumerate(leaders):
        classes.append([5 + number, "А", leader.full_name])
        for child, name in enumerate("Лев Пётр Юрий".split()[:PUPILS_A_CLASS]):
            surname = ("Детев", "Чадов")[number]
            pupils.append([surname, name, "Ильич", f"{5 + number} А"])
            phone = f"+7900000{number}{child:03d}"
            who = f"{surname} {name} Ильич"
            mother = ("Мария", "Ольга", "Раиса")[child]
            guardians.append([f"{surname}а", mother, "Юрьевна", "мать", phone, who, f"{5 + number}-а", today])
    return book_of(Классы=classes, Обучающиеся=pupils, Представители=guardians)


class Walker:
    """Browsers of the people of the walk, each with a session of their own."""

    def __init__(self, chromium: Browser, url: str) -> None:
        self.chromium, self.url = chromium, url

    def page(self) -> Page:
        """A fresh browser session."""
        return self.chromium.new_context(locale="ru-RU", viewport={"width": 1366, "height": 768}).new_page()

    def sign_in(self, login: str, password: str) -> Page:
        """Sign in on the login page."""
        page = self.page()
        page.goto(f"{self.url}/login/")
        page.get_by_label("Логин или почта").fill(login)
        page.get_by_label("Пароль").fill(password)
        page.get_by_role("button", name="Войти").click()
        expect(page.get_by_role("navigation", name="Разделы")).to_be_visible()
        return page

    def appoint(self, page: Page, query: str, email: str) -> Page:
        """Appoint a new person by the form, then come in by the letter's link; return the new person's browser."""
        page.goto(f"{self.url}/appointments/new/?{query}")
        page.get_by_label("Фамилия").fill("Координаторова")
        page.get_by_label("Имя", exact=True).fill("Анна")
        page.get_by_label("Электронная почта").fill(email)
        page.get_by_role("button", name="Назначить и пригласить").click()
        work()
        link = re.search(r"/invitations/\S+", str(mail.outbox[-1].body))
        assert link is not None
        assert mail.outbox[-1].to == [email]
        guest = self.page()
        guest.goto(self.url + link[0])
        for field in guest.locator("input[type=password]").all():
            field.fill(PASSWORD)
        guest.get_by_role("button", name="Принять и войти").click()
        expect(guest.get_by_role("navigation", name="Разделы")).to_be_visible()
        return guest

    def upload(self, page: Page, address: str, data: bytes, confirm: str) -> None:
        """Upload a file, let the worker plan it, confirm, let the worker write it."""
        page.goto(self.url + address)
        page.locator("input[type=file]").first.set_input_files([file_of(data)])
        page.get_by_role("button", name="Проверить файл").click()
        expect(page.get_by_role("progressbar")).to_be_visible()
        work()
        button = page.get_by_role("button", name=re.compile(confirm))
        expect(button).to_be_visible(timeout=15_000)
        button.click()
        work()
        expect(page.get_by_role("heading", name="Готово")).to_be_visible(timeout=15_000)


def states(school: School) -> dict[int, str]:
    """Where the school stands now."""
    count_steps()
    return {row.number: row.state_key for row in SchoolStep.objects.filter(school=school)}


def a_week_of_use(school: School) -> None:
    """The operator delivers a finished week in which every teacher wrote, and the week is published."""
    week = last_finished(timezone.now())
    SchoolRegistration.objects.create(school=school, platform=SFERUM.number, registered_on=datetime.date(2024, 9, 2))
    chat = Chat.objects.create(
        school=school, use_case=1, channel=1, title="Педсовет", opened_on=datetime.date(2024, 9, 2)
    )
    StaffMember.objects.filter(school=school).update(hired_on=datetime.date(2024, 9, 2))
    Appointment.objects.filter(school=school).update(starts_on=datetime.date(2024, 9, 2))
    people = StaffMember.objects.filter(school=school)
    record_activity(
        week=week,
        platform=SFERUM,
        rows=[ActivityRow(row, school.code, person.pk, messages=3) for row, person in enumerate(people, start=2)],
        covers=School.objects.filter(pk=school.pk),
        chats=[ChatRow(2, school.code, chat.pk, messages=9)],
        source="оператор",
        by=User.objects.get(username="root"),
    )
    publish(count_week(week))


def test_a_region_goes_from_the_first_step_to_the_ninth(live_server: Any, browser: Browser) -> None:
    if not CHROMIUM.exists():
        pytest.skip("нет Chromium")
    region = Region.objects.get(code="78")
    Municipality.objects.create(region=region, name="Невский район", kind="city_district")
    User.objects.create_superuser("root", password=ROOT_PASSWORD)
    walker = Walker(browser, live_server.url)
    root = walker.sign_in("root", ROOT_PASSWORD)

    # 1. The portal's administrator connects the region's coordinator.
    coordinator = walker.appoint(root, "region=78", "region@example.ru")

    # 2. The coordinator reconciles the official list: its only school is new to the portal.
    reconcile(walker, coordinator)
    school = School.objects.get(inn="7707083893")
    assert (states(school)[1], states(school)[2], states(school)[3]) == ("done", "done", "todo")

    # 3–4. The region appoints the municipality's coordinator, who appoints the school's administrator.
    municipality = walker.appoint(coordinator, f"municipality={school.municipality_id}", "town@example.ru")
    assert states(school)[3] == "done"
    administrator = walker.appoint(municipality, f"school={school.pk}", "school@example.ru")
    assert (states(school)[4], states(school)[5]) == ("done", "todo")

    # 5. Staff; 6–8. classes, pupils, representatives.
    walker.upload(administrator, f"/schools/{school.pk}/staff/upload/", staff_list(), r"^Внести \d+")
    assert states(school)[5] == "done"
    walker.upload(administrator, f"/schools/{school.pk}/rosters/upload/", roster(), r"^Внести \d+")
    assert [states(school)[number] for number in (6, 7, 8)] == ["done", "done", "done"]

    # 9. Three functions mastered, a week of use.
    administrator.goto(f"{live_server.url}/schools/{school.pk}/steps/")
    for name in ("Электронный дневник", "Библиотека", "Тесты"):
        administrator.get_by_role("button", name=f"{name}: освоена").click()
        expect(administrator.get_by_role("button", name=f"{name}: снять отметку")).to_be_visible()
    a_week_of_use(school)
    assert set(states(school).values()) == {"done"}

    # Everyone sees it; the municipality confirms a step.
    administrator.goto(live_server.url)
    expect(administrator.get_by_role("heading", name=re.compile("пройдено 9.из.9"))).to_be_visible()
    municipality.goto(f"{live_server.url}/schools/{school.pk}/steps/#step-5")
    block = municipality.locator("#step-5")
    block.locator("summary").click()
    block.get_by_label("Причина").fill("Сверено с тарификацией")
    block.get_by_role("button", name="Поставить отметку").click()
    expect(municipality.locator("#step-5")).to_contain_text("подтверждён")
    coordinator.goto(f"{live_server.url}/regions/78/steps/")
    expect(coordinator.get_by_role("link", name=re.compile("Педагоги: подтверждён", re.IGNORECASE))).to_be_visible()


def reconcile(walker: Walker, page: Page) -> None:
    """Upload the official list and take its school in."""
    page.goto(f"{walker.url}/register/")
    page.locator("input[type=file]").first.set_input_files([file_of(official_list(), "Реестр.xlsx")])
    page.get_by_role("button", name="Сверить", exact=True).click()
    work()
    line = page.get_by_role("link", name=re.compile("ГБОУ СОШ"))
    expect(line.first).to_be_visible(timeout=15_000)
    plan = page.url
    line.first.click()
    page.get_by_role("button", name="Добавить школу").click()
    page.goto(plan)
    page.get_by_role("button", name=re.compile("^Внести")).click()
    work()
    expect(page.get_by_role("heading", name=re.compile("Готово|внесена"))).to_be_visible(timeout=15_000)
