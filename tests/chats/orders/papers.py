"""An order to draw in tests, and readers of what was drawn."""

import io
from dataclasses import replace
from typing import Any

from docx import Document
from docx.document import Document as DocumentType

from chats.orders.paper import Appendix, Letterhead, Paper, Signer
from chats.orders.text import Body, Point

HOSTILE = '#evil[x] $x$ <среды> & "кавычки" \\ *жирно* _косо_ @ссылка // тихо'
PAPER = Paper(
    letterhead=Letterhead(
        "Администрация Невского района", "Государственное бюджетное учреждение школа № 5", "ГБОУ СОШ № 5", "Нефтекамск"
    ),
    subject="Об использовании платформы «Сферум»",
    body=Body(
        ("В соответствии с письмом Минпросвещения России",),
        (Point("1.", 1, "Назначить Зимину Анну Викторовну."), Point("1.1.", 2, "Обучить коллег.")),
    ),
    signer=Signer("Директор", "А.П. Иванова"),
    number="45-ОД",
    day="5\u00a0мая\u00a02026\u00a0г.",
    appendix=Appendix("Перечень чатов", ("Чат", "Участники", "Владелец"), (("Педсовет", "учителя", "Зимина А.В."),)),
    sheet=(("Зимина Анна Викторовна", "учитель"), ("Мороз Лев Олегович", "")),
    code="https://portal.example.ru/orders/5/",
)


def paper(**facts: Any) -> Paper:
    """The order with some of it changed."""
    return replace(PAPER, **facts)


def opened(data: bytes) -> DocumentType:
    """A DOCX as a reader opens it."""
    return Document(io.BytesIO(data))


def lines(document: DocumentType) -> list[str]:
    """Texts of its paragraphs."""
    return [paragraph.text for paragraph in document.paragraphs]
