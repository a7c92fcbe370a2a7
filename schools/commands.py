"""What commands that load files into a school share: which school is meant, and in whose name it is done."""

from django.core.management.base import CommandError
from django.db.models import Q

from schools.models import School, User


def school_of(code: str) -> School:
    """The school of a code, ОГРН or ИНН. Raises CommandError for none and for several."""
    found = list(School.objects.filter(Q(code=code) | Q(ogrn=code, parent=None) | Q(inn=code, parent=None))[:2])
    if len(found) != 1:
        problem = "нет" if not found else "несколько: укажите код школы"
        raise CommandError(f"Школ с кодом {code} {problem}.")
    return found[0]


def actor_of(login: str) -> User:
    """The user of a login, the first superuser where none is named. Raises CommandError for nobody."""
    users = User.objects.filter(username=login) if login else User.objects.filter(is_superuser=True, is_active=True)
    actor = users.order_by("pk").first()
    if actor is None:
        raise CommandError("Нет такого пользователя. Укажите --by ЛОГИН или создайте суперпользователя.")
    return actor
