"""Useful resources: their kinds, whom they are for, and the links of the source deck the list begins with."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ResourceKind:
    """A kind of resource, as people look for it."""

    key: str  # what the database stores; never reused
    name: str
    many: str  # heading of a group


KINDS = (
    ResourceKind("site", "сайт", "Сайты"),
    ResourceKind("manual", "инструкция", "Инструкции"),
    ResourceKind("calendar", "календарь", "Календари"),
    ResourceKind("methods", "методические материалы", "Методические материалы"),
    ResourceKind("channel", "канал", "Каналы"),
    ResourceKind("dashboard", "дашборд", "Дашборды"),
    ResourceKind("other", "другое", "Другое"),
)
KIND_BY_KEY = {kind.key: kind for kind in KINDS}


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom a resource is for; `field` is the column of `Resource` that says so."""

    key: str
    field: str
    name: str


AUDIENCES = (
    Audience("coordinators", "for_coordinators", "координаторам"),
    Audience("administrators", "for_administrators", "администраторам школ"),
    Audience("teachers", "for_teachers", "педагогам"),
    Audience("families", "for_families", "обучающимся и родителям"),
)
AUDIENCE_BY_KEY = {audience.key: audience for audience in AUDIENCES}

_C, _A, _T, _F = (audience.key for audience in AUDIENCES)
_ACADEMY = "Академия Минпросвещения России"
_CHAT = "https://sferum.ru/?p=vkme&isChatInviteLink=true&chatInviteId="
_OLD_CHANNEL = "Канал открывали в VK Мессенджере; с 2025 года Сферум переходит в MAX."
_SUBJECT = f"Предмет назван по порядку перечня на слайде. {_OLD_CHANNEL}"


@dataclass(frozen=True, slots=True)
class FirstResource:
    """One link as the list begins with it; fields are those of `Resource`."""

    key: str  # known by it, so that a later copy adds only what is not there
    title: str
    kind: str
    link: str
    audiences: tuple[str, ...]
    body: str = ""
    note: str = ""


RESOURCES = (
    FirstResource("sferum-site", "Сферум для школ", "site", "https://prof-sferum.ru/", (_C, _A, _T), "Сферум"),
    FirstResource(
        "sferum-manuals", "Инструкции по Сферуму", "manual", "https://prof-sferum.ru/onboarding", (_A, _T), "Сферум"
    ),
    FirstResource(
        "sferum-new-chat", "Как создать чат с педагогами", "manual",
        "https://prof-sferum.ru/how_to_create_chat_in_vk_messenger", (_A, _T), "Сферум",
        "Написана для VK Мессенджера.",
    ),
    FirstResource(
        "sferum-profile", "Учебный профиль: имя и отчество", "manual", "https://web.vk.me/", (_T,), "ВК",
        "Здесь педагог заполняет поле «Отчество» и подтверждает статус учителя. Написано для VK Мессенджера.",
    ),
    FirstResource(
        "sferum-calendar", "Календарь вебинаров по Сферуму", "calendar", "https://prof-sferum.ru/calendar",
        (_C, _A, _T), "Сферум",
    ),
    FirstResource(
        "sferum-dashboard", "Статистика Сферума", "dashboard",
        "https://datalens.yandex/jt6zoake6zoe9?state=9339fb27161", (_C,), "Сферум",
    ),
    FirstResource(
        "myschool-dashboard", "Статистика «Моей школы»", "dashboard",
        "https://datalens.yandex/v831i8648ecal?state=018b1f5e99", (_C,), "ФГИС «Моя школа»",
        "На 31.05.2023 дашборд был в разработке.",
    ),
    FirstResource(
        "myschool-site", "ФГИС «Моя школа»", "site", "https://myschool.edu.ru/", (_C, _A, _T, _F), "ФГИС «Моя школа»",
        "Часть материалов открыта без регистрации.",
    ),
    FirstResource(
        "myschool-help", "Поддержка пользователей «Моей школы»", "methods", "https://myschool.guppros.ru/",
        (_C, _A, _T), "",
        "Среди материалов — рекомендации по библиотеке цифрового контента и общие рекомендации педагогам.",
    ),
    FirstResource(
        "academy-news", "Новости Академии", "channel", f"{_CHAT}AJQ1d3hN7SVp_iVBIQUXwvCD", (_A, _T), _ACADEMY,
        f"События дополнительного образования педагогов. {_OLD_CHANNEL}",
    ),
    FirstResource(
        "important-talks", "Разговоры о важном", "channel", f"{_CHAT}AJQ1d6VL/yUrNUyNg9neCfhW", (_T,), _ACADEMY,
        f"Классным руководителям и кураторам групп. {_OLD_CHANNEL}",
    ),
    FirstResource(
        "ministry-school", "Школа Минпросвещения России", "channel", f"{_CHAT}AJQ1d2waKSb5mMhxRWvLjY_k",
        (_C, _A, _T), _ACADEMY, f"События проекта. {_OLD_CHANNEL}",
    ),
    FirstResource(
        "subject-geography", "География", "channel", f"{_CHAT}AJQ1d/kSLCb9iPqaRHTwbloZ", (_T, _F), _ACADEMY, _SUBJECT
    ),
    FirstResource(
        "subject-mathematics", "Математика", "channel", f"{_CHAT}AJQ1d5EKHCZYJ2UM2QEI6eFP", (_T, _F), _ACADEMY, _SUBJECT
    ),
    FirstResource(
        "subject-physics", "Физика", "channel", f"{_CHAT}AJQ1d9SyESaCEfhdJpUPaN8c", (_T, _F), _ACADEMY, _SUBJECT
    ),
    FirstResource(
        "subject-chemistry", "Химия", "channel", f"{_CHAT}AJQ1dwejDyZsGo/ATNUyJQQJ", (_T, _F), _ACADEMY, _SUBJECT
    ),
    FirstResource(
        "subject-primary", "Начальная школа", "channel", f"{_CHAT}AJQ1dwoyLybEqGskKULgEUBk", (_T, _F), _ACADEMY,
        _SUBJECT,
    ),
)  # fmt: skip


def kind_choices() -> list[tuple[str, str]]:
    """Return (key, name) pairs for form fields; given as a callable so that a new entry needs no migration."""
    return [(kind.key, kind.name) for kind in KINDS]
