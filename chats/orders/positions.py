"""Positions in a case: the head of the phrase is declined, what depends on it stands (pure).

«Заместитель директора по информатизации» – «заместителя директора по информатизации»: of the words up to the first noun
in the nominative the adjectives and the noun are declined, after a comma or «и» the same begins anew.
"""

import re
from functools import lru_cache

from chats.orders.cases import Case, DeclinedText
from chats.orders.phrases import decline_head

LONGEST = 500  # signs: a longer text is no position
TOO_LONG = "Слишком длинная должность: оставили без изменения"
UNREAD = "Не нашли в должности слова, которое склоняется: впишите её полностью, начиная с именительного падежа"
GUESSED = "Этого слова нет в словаре, форма подобрана по похожим: проверьте"
THING = "Должность названа не одним словом, склонили только первое: проверьте"

_ACTING = re.compile(r"(?:вр\.?\s?)?и\.?\s?о\.?(?!\w)|врио(?!\w)", re.IGNORECASE)
_QUOTED = re.compile('[«"“„].*', re.DOTALL)
_JOINTS = re.compile(r"([,;/+()]|\sи\s|\s[-–—]\s)")


@lru_cache(maxsize=4096)
def decline_position(position: str, case: Case) -> DeclinedText:
    """A position in a case; unchanged with a doubt where its head is not found. Never raises.

    «и.о.» holds the whole phrase still, for what follows it is in the genitive already.
    """
    if case is Case.NOMINATIVE or not position.strip() or _ACTING.match(position.strip()):
        return DeclinedText(position)
    if len(position) > LONGEST:
        return DeclinedText(position, (TOO_LONG,))
    quoted = _QUOTED.search(position)
    plain = position[: quoted.start()] if quoted else position
    pieces = _JOINTS.split(plain)
    heads = [
        decline_head(piece, case, capitals=position.isupper(), person=number == 0)
        for number, piece in enumerate(pieces[::2])
    ]
    if not heads[0]:
        return DeclinedText(position, (UNREAD,))
    found = [head if head and (number == 0 or head.is_person) else None for number, head in enumerate(heads)]
    pieces[::2] = [head.text if head else piece for head, piece in zip(found, pieces[::2], strict=True)]
    told = {
        GUESSED: any(head and not head.is_known for head in found),
        THING: any(head and not head.is_person for head in heads[1:]),
    }
    return DeclinedText(
        "".join(pieces) + position[len(plain) :], tuple(doubt for doubt, is_so in told.items() if is_so)
    )
