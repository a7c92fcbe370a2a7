"""In a real browser: an upload by mouse, by keyboard and without scripts; accessibility of the pages."""

import io
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from openpyxl import Workbook
from playwright.sync_api import Browser, ConsoleMessage, FilePayload, Page, expect, sync_playwright

from reports.checks.running import run_checks
from reports.counting import count_week
from reports.indicators import INDICATORS
from reports.operator_tables import services as figures
from reports.operator_tables.given import About
from reports.operator_tables.services import Origin
from reports.publishing import publish
from reports.schedule import preview_running_week
from reports.steps.counting import count_steps
from reports.weeks import IsoWeek, last_finished
from schools import jobs
from schools.models import School
from schools.platforms import SFERUM
from staff.imports import services
from staff.imports.performing import perform
from staff.models import ImportStage, StaffImport, StaffMember
from tests.conftest import Cast
from tests.schools.lists import csv_bytes, school_lines, table_of
from tests.schools.reconciliations import decided, planned, registered
from tests.staff import roster_books

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(180)]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start Debian's Chromium once."""
    if not CHROMIUM.exists():
        pytest.skip("нет Chromium")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # playwright keeps an event loop in the test's thread
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield chromium
        chromium.close()


Visit = Callable[..., Page]


def is_fault(message: ConsoleMessage) -> bool:
    """An error of the page; that the page itself answered 404 or refused a form is what some tests are about."""
    meant = ("status of 404", "status of 422")
    return message.type == "error" and not any(each in message.text for each in meant)


@pytest.fixture
def visit(browser: Browser, live_server: Any) -> Iterator[Visit]:
    """Open a page as a person of the cast; every console error and policy violation fails the test."""
    said: list[str] = []
    contexts = []

    def opened(login: str | None, address: str, **options: Any) -> Page:
        context = browser.new_context(locale="ru-RU", **({"viewport": {"width": 1366, "height": 768}} | options))
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text) if is_fault(message) else None)
        if login:
            page.goto(f"{live_server.url}/login/?next={address}")
            page.get_by_label("Логин или почта").fill(login)
            page.get_by_label("Пароль").fill("password")
            page.get_by_role("button", name="Войти").click()
        else:
            page.goto(live_server.url + address)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert said == []


def workbook() -> bytes:
    """A list with a glued patronymic, a wrong СНИЛС and two good rows."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (
        ("Педагоги школы",),
        ("Фамилия", "Имя", "Отчество", "Должность", "СНИЛС"),
        ("Каренина", "Ольга", "Семёновна", "учитель", "112-233-445 95"),
        ("Зимина", "Анна-Викторовна", "", "учитель", ""),
        ("Мороз", "Зоя", "Талгатовна", "методист", "112-233-445 96"),
        ("Озёров", "Лев", "Маратович", "учитель", ""),
    ):
        sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def work() -> StaffImport:
    """Do what a worker would with the latest upload."""
    upload = StaffImport.objects.latest("pk")
    jobs.run(StaffImport, upload.pk, perform)
    upload.refresh_from_db()
    return upload


def file_of(data: bytes, name: str = "Педагоги.xlsx") -> FilePayload:
    """A file as a browser sends it."""
    return {"name": name, "mimeType": "application/octet-stream", "buffer": data}


def test_an_administrator_uploads_mends_confirms_and_undoes(cast: Cast, visit: Visit) -> None:
    page = visit("sveta", f"/schools/{cast.school.pk}/staff/upload/")
    page.locator("input[type=file]").set_input_files([file_of(workbook())])
    page.get_by_role("button", name="Проверить файл").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    work()
    expect(page.get_by_role("heading", name="Проверьте, что изменится")).to_be_visible(timeout=10_000)

    page.get_by_role("button", name="Принять 1 подсказку").click()
    expect(page.get_by_role("heading", name="1 ошибка", exact=False)).to_be_visible()
    page.get_by_role("textbox", name="СНИЛС, E5").fill("112-233-446 96")
    page.get_by_role("button", name="Исправить E5").click()
    page.get_by_role("button", name="Внести 4 строки").click()
    work()
    expect(page.get_by_role("heading", name="Готово")).to_be_visible(timeout=10_000)
    names = sorted(StaffMember.objects.filter(school=cast.school).values_list("first_name", "patronymic"))
    assert names == [("Анна", "Викторовна"), ("Зоя", "Талгатовна"), ("Лев", "Маратович"), ("Ольга", "Семёновна")]

    page.get_by_role("button", name="Отменить загрузку целиком").click()
    assert work().stage == ImportStage.UNDONE
    expect(page.get_by_role("heading", name="Загрузка отменена")).to_be_visible(timeout=10_000)
    assert not StaffMember.objects.filter(school=cast.school).exists()


def test_a_wrong_file_says_what_to_do_and_leaves_nothing(cast: Cast, visit: Visit) -> None:
    page = visit("sveta", f"/schools/{cast.school.pk}/staff/upload/")

    page.locator("input[type=file]").set_input_files([file_of(b"<html><table></table></html>", "list.xls")])
    page.get_by_role("button", name="Проверить файл").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    work()

    expect(page.get_by_role("heading", name="Файл не прочитан")).to_be_visible(timeout=10_000)
    expect(page.get_by_role("alert")).to_contain_text("Excel")
    assert not StaffMember.objects.filter(school=cast.school).exists()


def test_an_upload_works_without_scripts(cast: Cast, visit: Visit) -> None:
    page = visit("sveta", f"/schools/{cast.school.pk}/staff/upload/", java_script_enabled=False)

    page.locator("input[type=file]").set_input_files([file_of(workbook())])
    page.get_by_role("button", name="Проверить файл").click()
    work()
    page.reload()
    page.get_by_role("button", name="Внести 2 строки").click()
    work()
    page.reload()

    expect(page.get_by_role("heading", name="Готово")).to_be_visible()
    assert StaffMember.objects.filter(school=cast.school).count() == 2


def test_the_keyboard_alone_reaches_and_confirms_the_plan(cast: Cast, visit: Visit) -> None:
    upload = services.start_import(
        school=cast.school, data=workbook(), shown_name="a.xlsx", mode="update", by=cast.sveta
    )
    work()
    page = visit("sveta", upload.get_absolute_url())
    expect(page.get_by_role("heading", name="Проверьте, что изменится")).to_be_visible()

    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "apply":
            break
    page.keyboard.press("Enter")
    expect(page.get_by_role("progressbar")).to_be_visible()

    assert work().stage == ImportStage.APPLIED


@pytest.mark.parametrize("scripts", [True, False])
def test_enter_saves_the_typed_cell_and_nothing_typed_is_lost_to_another_button(
    cast: Cast, visit: Visit, scripts: bool
) -> None:
    services.start_import(school=cast.school, data=workbook(), shown_name="a.xlsx", mode="update", by=cast.sveta)
    upload = work()
    page = visit("sveta", upload.get_absolute_url(), java_script_enabled=scripts)

    page.get_by_role("textbox", name="СНИЛС, E5").fill("112-233-445 97")
    page.get_by_role("textbox", name="СНИЛС, E5").press("Enter")
    expect(page.get_by_text("112-233-445 97")).to_be_visible()
    assert StaffImport.objects.get().fixes == {"5:snils": "112-233-445 97"}

    page.get_by_role("textbox", name="СНИЛС, E5").fill("112-233-446 96")
    page.get_by_role("button", name="Внести 2 строки").click()
    expect(page.get_by_text("Сначала сохранили ваши исправления")).to_be_visible()
    assert StaffImport.objects.get().fixes == {"5:snils": "112-233-446 96"}
    expect(page.get_by_role("button", name="Внести 3 строки")).to_be_visible()


PAGES = {
    "login": (None, "/login/"),
    "country": ("observer", "/country/"),
    "region": ("nina", "/regions/78/"),
    "municipality": ("marat", "/municipalities/{municipality}/"),
    "school": ("sveta", "/schools/{school}/"),
    "staff": ("sveta", "/schools/{school}/staff/"),
    "upload": ("sveta", "/schools/{school}/staff/upload/"),
    "plan": ("sveta", "/imports/{upload}/"),
    "imports": ("nina", "/imports/"),
    "ratings": ("nina", "/ratings/"),
    "indicators": ("nina", "/indicators/"),
    "passport": ("nina", "/indicators/r210_10/"),
    "library": ("sveta", "/library/"),
    "act": ("marat", "/library/r-210/"),
    "resources": ("nina", "/resources/"),
    "resource": ("nina", "/resources/new/"),
    "profile": ("marat", "/profile/"),
    "checks": ("nina", "/checks/"),
    "check": ("sveta", "/checks/not_on_sferum/"),
    "check, schools": ("nina", "/checks/declared_missing/"),
    "check, work": ("marat", "/checks/work/?by=school"),
    "preview": ("sveta", "/schools/{school}/preview/"),
    "held": ("marat", "/held/"),
    "tables": ("nina", "/figures/"),
    "gaps": ("nina", "/regions/78/gaps/"),
    "breakdown": ("sveta", "/places/school/{school}/indicators/staff_registered/"),
    "path": ("nina", "/places/region/{region}/indicators/staff_registered/path/"),
    "comparison": ("marat", "/compare/"),
    "connect": ("nina", "/connect/"),
    "jobs": ("nina", "/jobs/"),
    "tokens": ("sveta", "/profile/tokens/"),
    "opening": ("nina", "/regions/78/public/"),
    "not found": ("sveta", "/regions/78/"),
}


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("width", [1366, 390])
def test_a_page_is_accessible_and_fits_the_screen(name: str, width: int, cast: Cast, visit: Visit) -> None:
    login, address = PAGES[name]
    upload = services.start_import(
        school=cast.school, data=workbook(), shown_name="a.xlsx", mode="update", by=cast.sveta
    )
    work()
    publish(count_week(last_finished(timezone.now())))
    run_checks()
    preview_running_week()
    places = {
        "school": cast.school.pk,
        "region": cast.region.pk,
        "municipality": cast.municipality.pk,
        "upload": upload.pk,
    }

    page = visit(login, address.format(**places), viewport={"width": width, "height": 800})
    found = Axe().run(page)
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")

    assert found.violations_count == 0, found.generate_report()
    assert overflow == 0


def test_keyboard_brings_the_passport_of_a_figure_and_escape_takes_it_away(cast: Cast, visit: Visit) -> None:
    publish(count_week(last_finished(timezone.now())))
    page = visit("sveta", f"/schools/{cast.school.pk}/")
    name = page.locator(".week [data-tip]").first

    name.focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")

    bubble = page.get_by_role("tooltip")
    expect(bubble).to_contain_text(INDICATORS[0].definition)
    expect(name).to_have_attribute("aria-describedby", "tip")
    page.keyboard.press("Escape")
    expect(bubble).to_be_hidden()
    expect(name).not_to_have_attribute("aria-describedby", "tip")


# Pairs of controls that stand one above the other nearer than 6 pixels.
CROWDED = """() => {
  const boxes = [...document.querySelectorAll("main .btn, main .form-control")]
    .map(one => [one, one.getBoundingClientRect()]).filter(([one, box]) => box.width && box.height);
  const near = (a, b) => a.left < b.right && b.left < a.right && b.top >= a.bottom - 1 && b.top - a.bottom < 6;
  return boxes.flatMap(([one, a]) => boxes.filter(([other, b]) => one !== other && near(a, b))
    .map(([other]) => `${one.innerText || one.name} / ${other.innerText || other.name}`));
}"""


@pytest.mark.parametrize("key", ["ours", "differs"])
@pytest.mark.parametrize("width", [1366, 390])
def test_controls_of_a_reconciled_line_do_not_touch(key: str, width: int, cast: Cast, visit: Visit) -> None:
    lines = school_lines(4, "78")
    registered(cast.region, lines)
    found = planned(
        cast.region, cast.nina, csv_bytes(table_of([lines[0] | {"phone": "8 (900) 000-99-99"}, *lines[1:]]))
    )
    line = {"ours": f"s{cast.cousin.pk}", "differs": "r2"}[key]

    page = visit("nina", f"{found.get_absolute_url()}{line}/", viewport={"width": width, "height": 800})
    page.wait_for_load_state()
    bare = page.evaluate(CROWDED)
    page.goto(f"{page.url}?find=школа")

    assert (bare, page.evaluate(CROWDED)) == ([], [])
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0


@pytest.mark.parametrize("width", [1366, 390])
def test_plan_of_a_roster_fits_the_screen(width: int, cast: Cast, visit: Visit) -> None:
    pupils = [("Мороз", "Лев", "Олегович", "5А", "", "", "", ""), ("Мороз", "Анна", "", "все", "", "", "", "")]
    guardians = [("Мороз Ольга Петровна", "мать", "Мороз Лев Олегович", "5А", "", "")]
    book = roster_books.book(classes=[("5А", "", "27")], pupils=pupils, guardians=guardians)
    upload = roster_books.planned(cast.school, cast.sveta, book)

    page = visit("sveta", upload.get_absolute_url(), viewport={"width": width, "height": 800})
    expect(page.get_by_role("table", name="Что в файле")).to_contain_text("Представители")

    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    assert Axe().run(page).violations_count == 0


LONG = "Достопримечательнейшая" * 4


def _long_words(cast: Cast) -> dict[str, str]:
    """Pages whose tables and notes hold a word longer than a telephone is wide, by name."""
    lines = school_lines(4, "78")
    registered(cast.region, lines)
    School.objects.filter(pk=cast.school.pk).update(reconciled_on=timezone.localdate(), reconciled_note=LONG)
    School.objects.filter(pk=cast.sibling.pk).update(short_name=LONG, full_name=LONG, address=LONG)
    found = planned(cast.region, cast.nina, csv_bytes(table_of([lines[0] | {"address": LONG}, *lines[1:]])))
    decided(found, cast.nina, {"line": f"s{cast.cousin.pk}", "do": "explain", "reason": LONG})
    publish(count_week(last_finished(timezone.now())))
    count_steps(cast.region)
    return {
        "register": "/register/?show=all",
        "plan": f"{found.get_absolute_url()}?state=all",
        "line": f"{found.get_absolute_url()}r2/?find={LONG}",
        "school": f"/schools/{cast.sibling.pk}/",
        "municipality": f"/municipalities/{cast.municipality.pk}/",
        "search": "/search/",
        "matrix": f"/municipalities/{cast.municipality.pk}/steps/",
        "ratings": "/ratings/?level=school",
        "contacts": "/contacts/",
        "appointments": "/appointments/?show=vacant",
    }


@pytest.mark.parametrize(
    "name",
    ["register", "plan", "line", "school", "municipality", "search", "matrix", "ratings", "contacts", "appointments"],
)
def test_word_longer_than_the_screen_is_broken_and_widens_no_page(name: str, cast: Cast, visit: Visit) -> None:
    page = visit("nina", _long_words(cast)[name], viewport={"width": 390, "height": 800})
    page.wait_for_load_state()

    assert "Достопримечательнейшая" in page.content()
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0


def test_operators_table_with_endless_words_keeps_to_the_screen(cast: Cast, visit: Visit) -> None:
    word = "Ж" * 290
    head = f"Код школы;Школа;Педагогов активно;{word}\n"
    rows = f";{word};1;2\n780001;№ 9{word};3;4\n"
    origin = Origin(cast.region, word[:120], cast.nina, "", f"{word[:190]}.csv")
    load = figures.start(data=f"{head}{rows}".encode(), about=About(SFERUM, IsoWeek(2026, 40), 1), origin=origin)

    page = visit("nina", f"/figures/{load.pk}/")

    assert page.locator("#wrong table th.main").inner_text() == word
    assert word in page.locator("#odd table td").last.inner_text()
    for width in (1366, 768, 360):
        page.set_viewport_size({"width": width, "height": 768})
        assert page.evaluate("document.documentElement.scrollWidth") == width
    page.goto(page.url.replace(f"{load.pk}/", ""))
    assert page.evaluate("document.documentElement.scrollWidth") == 360
