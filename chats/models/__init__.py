"""Chats of schools, the library of legal acts, useful resources, and orders."""

from chats.models.chats import Chat
from chats.models.imports import ChatImport
from chats.models.library import LegalAct
from chats.models.members import ChatMember, ChatMove, ChosenCase
from chats.models.order_batches import OrderBatch
from chats.models.orders import Acknowledgement, Duty, NameForms, Order, OrderTemplate
from chats.models.resources import Resource

__all__ = [
    "Acknowledgement",
    "Chat",
    "ChatImport",
    "ChatMember",
    "ChatMove",
    "ChosenCase",
    "Duty",
    "LegalAct",
    "NameForms",
    "Order",
    "OrderBatch",
    "OrderTemplate",
    "Resource",
]
