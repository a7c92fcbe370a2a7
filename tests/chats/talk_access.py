"""Whom the pages and REST of chats are open to: coordinators read, the school itself writes.

Rows of tests/test_access.py: (path, statuses of visitor, stranger, sveta, marat, nina, observer, root).
"""

import datetime

from chats.models import Chat, ChatImport
from reports.chat_coverage.counting import count_chats
from schools.models import StoredFile
from tests.conftest import Cast

Row = tuple[str, tuple[int, ...]]
READ = (302, 404, 200, 200, 200, 404, 200)
WRITTEN_BY_SCHOOL = (302, 404, 200, 403, 403, 404, 200)
LEADS_BACK = (302, 404, 302, 403, 403, 404, 302)
ABROAD = (302, 404, 404, 404, 404, 404, 200)
LEADS_BACK_ABROAD = (302, 404, 404, 404, 404, 404, 302)
OWN_REGION = (302, 404, 404, 404, 200, 200, 200)
OWN_MUNICIPALITY = (302, 404, 404, 200, 200, 200, 200)
COUNTS_ABROAD = (302, 404, 404, 404, 404, 200, 200)

PAGES: dict[str, list[Row]] = {
    "schools/<int:pk>/chats/": [("schools/{school}/chats/", READ), ("schools/{foreign}/chats/", ABROAD)],
    "schools/<int:pk>/chats/new/": [
        ("schools/{school}/chats/new/", WRITTEN_BY_SCHOOL),
        ("schools/{foreign}/chats/new/", ABROAD),
    ],
    "schools/<int:pk>/chats/choose/": [
        ("schools/{school}/chats/choose/", LEADS_BACK),
        ("schools/{foreign}/chats/choose/", LEADS_BACK_ABROAD),
    ],
    "schools/<int:pk>/chats/upload/": [
        ("schools/{school}/chats/upload/", WRITTEN_BY_SCHOOL),
        ("schools/{foreign}/chats/upload/", ABROAD),
    ],
    "schools/<int:pk>/chats/template.xlsx": [
        ("schools/{school}/chats/template.xlsx", WRITTEN_BY_SCHOOL),
        ("schools/{foreign}/chats/template.xlsx", ABROAD),
    ],
    "schools/<int:pk>/chats/chats.xlsx": [
        ("schools/{school}/chats/chats.xlsx", READ),
        ("schools/{foreign}/chats/chats.xlsx", ABROAD),
    ],
    "chats/imports/<int:pk>/": [
        ("chats/imports/{chat_upload}/", WRITTEN_BY_SCHOOL),
        ("chats/imports/{foreign_chat_upload}/", ABROAD),
    ],
    "chats/imports/<int:pk>/progress/": [
        ("chats/imports/{chat_upload}/progress/", WRITTEN_BY_SCHOOL),
        ("chats/imports/{foreign_chat_upload}/progress/", ABROAD),
    ],
    "chats/imports/<int:pk>/act/": [
        ("chats/imports/{chat_upload}/act/", LEADS_BACK),
        ("chats/imports/{foreign_chat_upload}/act/", LEADS_BACK_ABROAD),
    ],
    "chats/<int:pk>/": [("chats/{chat}/", READ), ("chats/{foreign_chat}/", ABROAD)],
    "chats/<int:pk>/edit/": [("chats/{chat}/edit/", WRITTEN_BY_SCHOOL), ("chats/{foreign_chat}/edit/", ABROAD)],
    "chats/<int:pk>/poster/": [("chats/{chat}/poster/", READ), ("chats/{foreign_chat}/poster/", ABROAD)],
    **{
        f"chats/<int:pk>/{verb}/": [
            (f"chats/{{chat}}/{verb}/", LEADS_BACK),
            (f"chats/{{foreign_chat}}/{verb}/", LEADS_BACK_ABROAD),
        ]
        for verb in ("members", "act")
    },
    "regions/<str:code>/chats/": [("regions/78/chats/", OWN_REGION), ("regions/47/chats/", COUNTS_ABROAD)],
    "municipalities/<int:pk>/chats/": [
        ("municipalities/{municipality}/chats/", OWN_MUNICIPALITY),
        ("municipalities/{foreign_municipality}/chats/", COUNTS_ABROAD),
    ],
}

SIGNED_IN_API = (401, 200, 200, 200, 200, 200, 200)
READ_API = (401, 404, 200, 200, 200, 404, 200)
ABROAD_API = (401, 404, 404, 404, 404, 404, 200)
OWN_SCHOOL_API = (401, 404, 200, 200, 200, 200, 200)
COUNTS_ABROAD_API = (401, 404, 404, 404, 404, 200, 200)
ONLY_POST_API = (401, 405, 405, 405, 405, 405, 405)
API: dict[str, list[Row]] = {
    "^use-cases/$": [("use-cases/", SIGNED_IN_API)],
    r"^use-cases/(?P<number>\d{1,3})/$": [("use-cases/15/", SIGNED_IN_API)],
    "^chats/$": [("chats/", SIGNED_IN_API)],
    "^chats/bulk/$": [("chats/bulk/", ONLY_POST_API)],
    r"^chats/(?P<pk>\d{1,18})/$": [("chats/{chat}/", READ_API), ("chats/{foreign_chat}/", ABROAD_API)],
    r"^expected-chats/(?P<pk>\d{1,18})/$": [
        ("expected-chats/{school}/", READ_API),
        ("expected-chats/{foreign}/", ABROAD_API),
    ],
    "^chat-coverage/$": [("chat-coverage/", SIGNED_IN_API)],
    "^chat-coverage/totals/$": [("chat-coverage/totals/", SIGNED_IN_API)],
    r"^chat-coverage/(?P<pk>\d{1,18})/$": [
        ("chat-coverage/{school}/", OWN_SCHOOL_API),
        ("chat-coverage/{foreign}/", COUNTS_ABROAD_API),
    ],
}


def ids(cast: Cast) -> dict[str, int]:
    """A chat and an upload of chats in one's own school and in a foreign one, counted."""
    found = {}
    for prefix, school in (("", cast.school), ("foreign_", cast.foreign)):
        chat = Chat.objects.create(
            school=school,
            use_case=13,
            channel=2,
            title="Сайт и сообщество",
            link="https://max.ru/join/x",
            opened_on=datetime.date(2026, 9, 1),
        )
        found[f"{prefix}chat"] = chat.pk
        file = StoredFile.objects.create(school=school, shown_name="чаты.csv", size=1, sha256="0" * 64, content=b"x")
        found[f"{prefix}chat_upload"] = ChatImport.objects.create(school=school, file=file).pk
    count_chats()
    return found
