"""What columns the exchanged lists of places have."""

from typing import Any

from schools import tabular
from schools.kinds import kind_choices
from schools.models import Appointment, Municipality, Region, School, SchoolRegistration
from schools.models.places import MunicipalityKind, Subordination
from schools.platforms import channel_choices, platform_choices
from schools.tabular import ScopedMeta, ScopedResource


class MunicipalityResource(ScopedResource):
    """Municipalities; a row without a number is a new one."""

    id = tabular.count("id", "номер")
    region = tabular.place("region", "регион", Region)
    name = tabular.text("name", "название", longest=150)
    kind = tabular.choice("kind", "тип", MunicipalityKind.choices)
    oktmo = tabular.text("oktmo", "ОКТМО", longest=11)
    opened_on = tabular.date("opened_on", "образован")
    closed_on = tabular.date("closed_on", "упразднён")

    class Meta(ScopedMeta):
        """Columns."""

        model = Municipality
        name = "Муниципалитеты"
        fields = ("id", "region", "name", "kind", "oktmo", "opened_on", "closed_on")


class SchoolResource(ScopedResource):
    """Schools by their code; one whose region is not named lies in that of its municipality."""

    code = tabular.text("code", "код школы", longest=16)
    region = tabular.place("region", "регион", Region, rows=tabular.regions_around)
    municipality = tabular.place("municipality", "муниципалитет (номер)", Municipality, "pk")
    municipality_name = tabular.shown("municipality__name", "муниципалитет")
    short_name = tabular.text("short_name", "краткое наименование", longest=200)
    full_name = tabular.text("full_name", "полное наименование", longest=500)
    kind = tabular.choice("kind", "вид", kind_choices)
    subordination = tabular.choice("subordination", "подчинение", Subordination.choices)
    inn = tabular.text("inn", "ИНН", longest=40)
    kpp = tabular.text("kpp", "КПП", longest=40)
    ogrn = tabular.text("ogrn", "ОГРН", longest=40)
    oktmo = tabular.text("oktmo", "ОКТМО", longest=40)
    opened_on = tabular.date("opened_on", "открыта")
    closed_on = tabular.date("closed_on", "закрыта")
    address = tabular.text("address", "адрес", longest=300)
    phone = tabular.text("phone", "телефон", longest=100)
    email = tabular.text("email", "электронная почта", longest=254)
    director_name = tabular.text("director_name", "руководитель", longest=150)
    declared_teachers = tabular.count("declared_teachers", "педагогов по ОО-1")
    declared_classes = tabular.count("declared_classes", "классов по ОО-1")
    declared_pupils = tabular.count("declared_pupils", "обучающихся по ОО-1")
    declared_on = tabular.date("declared_on", "численность на дату")

    class Meta(ScopedMeta):
        """Columns."""

        model = School
        name = "Школы"
        import_id_fields = ("code",)
        fields = (
            "code", "region", "municipality", "municipality_name", "short_name", "full_name", "kind", "subordination",
            "inn", "kpp", "ogrn", "oktmo", "opened_on", "closed_on", "address", "phone", "email", "director_name",
            "declared_teachers", "declared_classes", "declared_pupils", "declared_on",
        )  # fmt: skip

    def import_instance(self, instance: School, row: dict[str, Any], **kwargs: Any) -> None:
        """Take the cells over; a municipality lies in one region, so naming it is enough."""
        super().import_instance(instance, row, **kwargs)
        if instance.region_id is None and instance.municipality is not None:
            instance.region_id = instance.municipality.region_id


class RegistrationResource(ScopedResource):
    """Registrations by school and platform."""

    school = tabular.place("school", "код школы", School)
    school_name = tabular.shown("school__short_name", "школа")
    platform = tabular.choice("platform", "площадка", platform_choices)
    channel = tabular.choice("channel", "канал", channel_choices)
    external_id = tabular.text("external_id", "номер на площадке", longest=64)
    registered_on = tabular.date("registered_on", "зарегистрирована")
    closed_on = tabular.date("closed_on", "снята с регистрации")

    class Meta(ScopedMeta):
        """Columns."""

        model = SchoolRegistration
        name = "Регистрации школ"
        import_id_fields = ("school", "platform")
        fields = ("school", "school_name", "platform", "channel", "external_id", "registered_on", "closed_on")


class AppointmentResource(ScopedResource):
    """Appointments, for reading."""

    user = tabular.shown("user__get_full_name", "кто")
    title = tabular.shown("title", "назначение")
    region = tabular.shown("region__name", "регион")
    municipality = tabular.shown("municipality__name", "муниципалитет")
    school_code = tabular.shown("school__code", "код школы")
    school = tabular.shown("school__short_name", "школа")
    starts_on = tabular.shown("starts_on", "начало")
    ends_on = tabular.shown("ends_on", "окончание")
    order_number = tabular.shown("order_number", "номер приказа")
    order_on = tabular.shown("order_on", "дата приказа")

    class Meta(ScopedMeta):
        """Columns."""

        model = Appointment
        name = "Назначения"
        fields = (
            "user", "title", "region", "municipality", "school_code", "school",
            "starts_on", "ends_on", "order_number", "order_on",
        )  # fmt: skip
