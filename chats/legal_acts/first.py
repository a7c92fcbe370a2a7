"""What an act of the library is before anybody has edited it, and the words several of them share.

A migration copies the first acts into `LegalAct` once; from then on people edit the rows there, and a copy never
overwrites one. What no source gives is left empty and shown as not checked: nothing here is remembered or guessed.
"""

import datetime as dt
from dataclasses import dataclass

from chats.legal_acts.kinds import UNVERIFIED

DECK = "Материалы семинара от 31.05.2023"
CHECKED_ON = dt.date(2026, 11, 26)
MINPROSV = "Минпросвещения России"
MINTSIFRY = "Минцифры России"
GOVERNMENT = ("Правительство Российской Федерации", "Правительства Российской Федерации")
PRESIDENT = ("Президент Российской Федерации", "Президента Российской Федерации")
ROSSTANDART = ("Росстандарт", "Росстандарта")
LATER = "Материалы семинара приводят документ как действующий на 31.05.2023. Что было с ним позже, не проверено."


@dataclass(frozen=True, slots=True)
class FirstAct:
    """One act as the library begins with it; fields are those of `LegalAct`, other acts are named by their keys."""

    key: str  # stable: data files rest on it (schools/bases.py)
    kind: str
    body: str = ""
    body_genitive: str = ""
    adopted_on: dt.date | None = None
    number: str = ""
    title: str = ""
    state: str = UNVERIFIED.key
    state_note: str = LATER
    in_force_on: dt.date | None = None
    superseded_by: str = ""
    amends: str = ""
    passage: str = ""
    gives: str = ""
    link: str = ""
    source: str = DECK
    checked_on: dt.date = CHECKED_ON
