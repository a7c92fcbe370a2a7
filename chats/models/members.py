"""Who is in a chat, how it moves to another channel, and the optional cases a school wants."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from chats.models.chats import Chat
from chats.roster import GUARDIAN, PUPIL, STAFF, Person
from chats.use_cases import use_case_choices
from schools.models import Guardian, Pupil, School, User
from schools.scope import BELOW_COUNTRY, SCHOOL_ONLY, AnyUser, Paths, Scoped, ScopedQuerySet, sight_of
from staff.models import StaffMember

KINDS = (STAFF, PUPIL, GUARDIAN)


class ChatMemberQuerySet(ScopedQuerySet["ChatMember"]):
    """Members of chats: staff are seen as staff are, children and families by their own school alone."""

    def visible_to(self, user: AnyUser) -> Self:
        """Members this person may see."""
        families: Self = super().visible_to(user)
        return families | self.filter(staff__isnull=False)._within(
            sight_of(user), ChatMember.sight_of_staff, BELOW_COUNTRY
        )

    def inside(self) -> Self:
        """Those who have not left the chat."""
        return self.filter(left_on=None)


class ChatMember(Scoped):
    """Somebody in a chat: exactly one of a staff member, a pupil, a representative."""

    sight = Paths(school="chat__school_id", seen_from=SCHOOL_ONLY, changed_from=SCHOOL_ONLY)
    sight_of_staff = Paths(
        region="chat__school__region_id", municipality="chat__school__municipality_id", school="chat__school_id"
    )

    chat = models.ForeignKey(Chat, on_delete=models.CASCADE, related_name="members", verbose_name="чат")
    staff = models.ForeignKey(
        StaffMember, on_delete=models.CASCADE, related_name="+", null=True, blank=True, verbose_name="сотрудник"
    )
    pupil = models.ForeignKey(
        Pupil, on_delete=models.CASCADE, related_name="+", null=True, blank=True, verbose_name="обучающийся"
    )
    guardian = models.ForeignKey(
        Guardian, on_delete=models.CASCADE, related_name="+", null=True, blank=True, verbose_name="представитель"
    )
    joined_on = models.DateField("в чате с", default=timezone.localdate)
    left_on = models.DateField("вышел", null=True, blank=True)

    objects = ChatMemberQuerySet.as_manager()

    class Meta:
        verbose_name = "участник чата"
        verbose_name_plural = "участники чатов"
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(staff__isnull=False, pupil=None, guardian=None)
                    | Q(staff=None, pupil__isnull=False, guardian=None)
                    | Q(staff=None, pupil=None, guardian__isnull=False)
                ),
                name="chat_member_is_one_person",
            ),
            models.UniqueConstraint(fields=["chat", "staff"], name="chat_member_of_staff_once"),
            models.UniqueConstraint(fields=["chat", "pupil"], name="chat_member_pupil_once"),
            models.UniqueConstraint(fields=["chat", "guardian"], name="chat_member_guardian_once"),
        ]

    def __str__(self) -> str:
        return str(self.staff or self.pupil or self.guardian)

    @property
    def person(self) -> Person:
        """Who it is, as the rules of chats name people."""
        for kind in KINDS:
            pk = getattr(self, f"{kind}_id")
            if pk is not None:
                return Person(kind, pk)
        raise ValueError("a member of a chat is a person")


class ChatMove(Scoped):
    """A chat on its way to another channel by the check list (chats/moving.py): which steps are done, and when."""

    sight = Paths(
        region="chat__school__region_id",
        municipality="chat__school__municipality_id",
        school="chat__school_id",
        seen_from=BELOW_COUNTRY,
        changed_from=SCHOOL_ONLY,
    )

    chat = models.OneToOneField(Chat, on_delete=models.CASCADE, related_name="move", verbose_name="чат")
    new_chat = models.ForeignKey(
        Chat, on_delete=models.SET_NULL, related_name="moved_from", null=True, blank=True, verbose_name="новый чат"
    )
    done = models.JSONField("что сделано", default=dict, blank=True, editable=False)  # step → day
    started_on = models.DateField("начат", default=timezone.localdate)
    finished_on = models.DateField("закончен", null=True, blank=True)
    started_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name="кто")

    objects = ScopedQuerySet["ChatMove"].as_manager()

    class Meta:
        verbose_name = "перенос чата"
        verbose_name_plural = "переносы чатов"

    def __str__(self) -> str:
        return f"{self.chat}: перенос"


class ChosenCase(Scoped):
    """An optional case that a school wants: from then on its chats are expected."""

    sight = Paths(
        region="school__region_id",
        municipality="school__municipality_id",
        school="school_id",
        seen_from=BELOW_COUNTRY,
        changed_from=SCHOOL_ONLY,
    )

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="chosen_cases", verbose_name="школа")
    use_case = models.PositiveSmallIntegerField("кейс использования", choices=use_case_choices)
    chosen_on = models.DateField("с какого дня", default=timezone.localdate)
    chosen_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name="кто")

    objects = ScopedQuerySet["ChosenCase"].as_manager()

    class Meta:
        verbose_name = "нужный школе кейс"
        verbose_name_plural = "нужные школам кейсы"
        constraints = [models.UniqueConstraint(fields=["school", "use_case"], name="chosen_case_once")]

    def __str__(self) -> str:
        return str(self.get_use_case_display())
