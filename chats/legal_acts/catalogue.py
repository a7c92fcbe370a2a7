"""All acts the library begins with, found by key."""

from chats.legal_acts.first import FirstAct
from chats.legal_acts.of_my_school import OF_MY_SCHOOL
from chats.legal_acts.of_sferum import OF_SFERUM

ACTS: tuple[FirstAct, ...] = (*OF_SFERUM, *OF_MY_SCHOOL)
ACT_BY_KEY = {act.key: act for act in ACTS}
