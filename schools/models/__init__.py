"""Places, the people of a place, who answers for them, and what is said and sent about them."""

from schools.models.changes import Change
from schools.models.counters import Counter
from schools.models.files import StoredFile
from schools.models.invitations import AppointmentSheet, Invitation, InvitationBatch
from schools.models.letters import DigestSent, Letter, LetterRecipient
from schools.models.people import Deletion, Guardian, Guardianship, Pupil, SchoolClass
from schools.models.places import Municipality, Region, School, SchoolRegistration, Succession
from schools.models.registers import Reconciliation, RegisterImport, SchoolChange
from schools.models.second_factor import FactorEvent, SecondFactor
from schools.models.steps import (
    FunctionUse,
    MunicipalityRegistration,
    RegionIntegration,
    Roadmap,
    StepMark,
    StepPlan,
)
from schools.models.tokens import AccessToken
from schools.models.users import Appointment, User
from schools.models.webhooks import Webhook, WebhookDelivery, WebhookTry

__all__ = [
    "AccessToken",
    "Appointment",
    "AppointmentSheet",
    "Change",
    "Counter",
    "Deletion",
    "DigestSent",
    "FactorEvent",
    "FunctionUse",
    "Guardian",
    "Guardianship",
    "Invitation",
    "InvitationBatch",
    "Letter",
    "LetterRecipient",
    "Municipality",
    "MunicipalityRegistration",
    "Pupil",
    "Reconciliation",
    "Region",
    "RegionIntegration",
    "RegisterImport",
    "Roadmap",
    "School",
    "SchoolChange",
    "SchoolClass",
    "SchoolRegistration",
    "SecondFactor",
    "StepMark",
    "StepPlan",
    "StoredFile",
    "Succession",
    "User",
    "Webhook",
    "WebhookDelivery",
    "WebhookTry",
]
