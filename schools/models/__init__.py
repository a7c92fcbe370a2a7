"""Places, the people of a place, and who answers for them."""

from schools.models.files import StoredFile
from schools.models.people import Guardian, Guardianship, Pupil, SchoolClass
from schools.models.places import Municipality, Region, School, SchoolRegistration, Succession
from schools.models.registers import RegisterImport
from schools.models.users import AccessToken, Appointment, User

__all__ = [
    "AccessToken",
    "Appointment",
    "Guardian",
    "Guardianship",
    "Municipality",
    "Pupil",
    "Region",
    "RegisterImport",
    "School",
    "SchoolClass",
    "SchoolRegistration",
    "StoredFile",
    "Succession",
    "User",
]
