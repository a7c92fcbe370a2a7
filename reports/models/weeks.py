"""The wide row: every count of a school on a platform in one revision of a week."""

from django.db import models

from reports.models.ratings import Rating
from schools.models import Municipality, Region, School
from schools.platforms import platform_choices
from schools.scope import Paths, Scoped, ScopedQuerySet


class SchoolWeek(Scoped):
    """Counts of one school on one platform in one revision of a week, with its municipality and region of that day.

    None means not measured, as all of the staff's are where the school has no list; all numbers add up. No foreign keys
    in the database, as with activity: history is alone, and the checks would cost more than the count (performance.md).
    """

    sight = Paths(region="region_id", municipality="municipality_id", school="school_id")

    pk = models.CompositePrimaryKey("rating", "platform", "school")
    rating = models.ForeignKey(
        Rating, on_delete=models.CASCADE, db_constraint=False, db_index=False, related_name="school_weeks"
    )
    platform = models.PositiveSmallIntegerField("площадка", choices=platform_choices)
    school = models.ForeignKey(
        School, on_delete=models.PROTECT, db_constraint=False, db_index=False, related_name="weeks"
    )
    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, null=True, db_constraint=False, db_index=False, related_name="+"
    )
    region = models.ForeignKey(Region, on_delete=models.PROTECT, db_constraint=False, db_index=False, related_name="+")
    in_scope = models.PositiveSmallIntegerField("в составе показателя", default=1)
    declared_teachers = models.PositiveIntegerField("педагогов по ОО-1", null=True)
    staff = models.PositiveIntegerField("сотрудников в списке", null=True)
    teachers = models.PositiveIntegerField("педагогов в списке", null=True)
    names_in_order = models.PositiveIntegerField("имён в порядке", null=True)
    profiles = models.PositiveIntegerField("педагогов с профилем", null=True)
    confirmed = models.PositiveIntegerField("профилей подтверждено", null=True)
    active = models.PositiveIntegerField("активных педагогов", null=True)
    active_all = models.PositiveIntegerField("активных сотрудников", null=True)
    classes = models.PositiveIntegerField("классов", default=0)
    classes_with_chat = models.PositiveIntegerField("классов с чатом", default=0)
    chats = models.PositiveIntegerField("чатов", default=0)
    active_chats = models.PositiveIntegerField("активных чатов", null=True)
    on_platform = models.PositiveSmallIntegerField("есть на площадке", null=True)
    declared_pupils = models.PositiveIntegerField("обучающихся по ОО-1", null=True)
    pupils = models.PositiveIntegerField("обучающихся в списке", null=True)
    pupils_represented = models.PositiveIntegerField("обучающихся с представителем", null=True)
    steps_due = models.PositiveSmallIntegerField("нужных этапов", null=True)
    steps_done = models.PositiveSmallIntegerField("пройдено этапов", null=True)
    administrators = models.PositiveSmallIntegerField("администраторов", default=0)
    chats_expected = models.PositiveIntegerField("нужных чатов", null=True)
    chats_present = models.PositiveIntegerField("нужных чатов есть", null=True)
    staff_chats_expected = models.PositiveIntegerField("нужных чатов сотрудников", null=True)
    staff_chats_present = models.PositiveIntegerField("нужных чатов сотрудников есть", null=True)
    family_chats_expected = models.PositiveIntegerField("нужных чатов детей и родителей", null=True)
    family_chats_present = models.PositiveIntegerField("нужных чатов детей и родителей есть", null=True)
    project_chats_expected = models.PositiveIntegerField("нужных временных чатов", null=True)
    project_chats_present = models.PositiveIntegerField("нужных временных чатов есть", null=True)
    all_chats_present = models.PositiveSmallIntegerField("все нужные чаты есть", null=True)
    op_registered = models.PositiveIntegerField("оператор: школа зарегистрирована", null=True)
    op_teachers = models.PositiveIntegerField("оператор: педагогов", null=True)
    op_profiles = models.PositiveIntegerField("оператор: педагогов с профилем", null=True)
    op_confirmed = models.PositiveIntegerField("оператор: педагогов подтверждено", null=True)
    op_active = models.PositiveIntegerField("оператор: педагогов активно", null=True)
    op_classes = models.PositiveIntegerField("оператор: классов", null=True)
    op_classes_with_chat = models.PositiveIntegerField("оператор: классов с чатом", null=True)
    op_pupils_registered = models.PositiveIntegerField("оператор: обучающихся", null=True)
    op_pupils_active = models.PositiveIntegerField("оператор: обучающихся активно", null=True)
    op_guardians = models.PositiveIntegerField("оператор: родителей", null=True)
    op_linked = models.PositiveIntegerField("оператор: прикреплено в Госуслугах", null=True)
    op_library = models.PositiveIntegerField("оператор: в библиотеке", null=True)
    op_tests = models.PositiveIntegerField("оператор: в тестировании", null=True)
    op_files = models.PositiveIntegerField("оператор: в файлах", null=True)
    op_diary = models.PositiveIntegerField("оператор: в дневнике", null=True)
    op_tv = models.PositiveIntegerField("оператор: со Smart TV", null=True)
    op_community = models.PositiveIntegerField("оператор: сообщество подтверждено", null=True)
    op_posts = models.PositiveIntegerField("оператор: записей в сообществе", null=True)
    op_logins = models.PositiveIntegerField("оператор: входов педагогов", null=True)
    op_pupil_logins = models.PositiveIntegerField("оператор: входов обучающихся", null=True)
    community_active = models.PositiveSmallIntegerField("сообщество живёт", null=True)
    registered = models.PositiveSmallIntegerField("ступень 1: зарегистрирована", default=0)
    filled = models.PositiveSmallIntegerField("ступень 2: наполнена", default=0)
    uses = models.PositiveSmallIntegerField("ступень 3: использует", null=True)

    objects = ScopedQuerySet["SchoolWeek"].as_manager()

    class Meta:
        verbose_name = "неделя школы"
        verbose_name_plural = "недели школ"

    def __str__(self) -> str:
        return f"{self.rating_id}, {self.school_id}"
