"""Forms of a text of orders: what the admin and the page share, and what each adds."""

from typing import Any, ClassVar

from django import forms

from chats.models import LegalAct, OrderTemplate
from chats.orders import templates
from chats.orders.drafting import OrderRefused
from chats.orders.fields import FIELDS, Kind
from schools.scope import AnyUser
from schools.steps import STEP_BY_NUMBER

NEEDED = {"required": "Заполните это поле."}


class TextForm(forms.ModelForm):
    """The text of a kind of order; its mistakes are told with line and column, a change says why it is made."""

    class Meta:
        model = OrderTemplate
        fields: ClassVar[Any] = [*templates.CHANGEABLE, "reason"]
        widgets: ClassVar[Any] = {"text": forms.Textarea(attrs={"rows": 24, "cols": 110})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "reason" in self.fields:  # a new version has a reason of its own
            self.initial["reason"] = ""
            self.fields["reason"].required = self.instance.pk is not None
            self.fields["reason"].error_messages["required"] = templates.NO_REASON

    def facts(self) -> dict[str, Any]:
        """What of a text may be changed, as it was written."""
        return {name: self.cleaned_data[name] for name in templates.CHANGEABLE}

    def clean(self) -> dict[str, Any]:
        """Everything an order could not be written by is a mistake of its field."""
        given = super().clean() or {}
        if not self.errors:
            try:
                self.check_text()
            except OrderRefused as refusal:
                self.tell(refusal)
        return given

    def tell(self, refusal: OrderRefused) -> None:
        """Say a refusal beside its field."""
        field = {"plans": "plan_field"}.get(refusal.field, refusal.field)
        known = field if field in self.fields else refusal.field
        self.add_error(known if known in self.fields else None, str(refusal))

    def check_text(self) -> None:
        """Raise OrderRefused for the first mistake of the text."""
        templates.check(templates.tidy(self.facts()))


class TextPageForm(TextForm):
    """The form of the page: acts and steps are chosen, nobody writes JSON."""

    acts = forms.MultipleChoiceField(
        label="На что ссылается",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Эти документы приказ назовёт сам; в проекте их можно поменять.",
        error_messages={"invalid_choice": "Выберите из списка: на этот документ ссылаться нельзя."},
    )
    plan_steps = forms.TypedMultipleChoiceField(
        label="Каким этапам приказ назначает срок",
        required=False,
        coerce=int,
        choices=[(step.number, f"{step.number}. {step.name}") for step in STEP_BY_NUMBER.values()],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Выберите этап из списка."},
    )
    plan_field = forms.ChoiceField(
        label="Срок — это поле",
        required=False,
        choices=[(field.key, f"{field.label}: {{{field.key}}}") for field in FIELDS if field.kind == Kind.DATE],
        error_messages={"invalid_choice": "Выберите поле из списка."},
    )

    class Meta(TextForm.Meta):
        fields: ClassVar[Any] = ["name", "purpose", "subject", "text", "acts", "to_all", "place_in_list", "reason"]
        widgets: ClassVar[Any] = {
            "text": forms.Textarea(attrs={"rows": 22, "spellcheck": "true"}),
            "purpose": forms.Textarea(attrs={"rows": 2}),
        }
        error_messages: ClassVar[Any] = {
            **dict.fromkeys(("name", "purpose", "subject", "text"), NEEDED),
            "place_in_list": NEEDED | {"invalid": "Впишите число, например 100."},
        }

    field_order = [
        "subject", "text", "acts", "plan_steps", "plan_field", "to_all", "name", "purpose", "place_in_list", "reason",
    ]  # fmt: skip

    def __init__(self, *args: Any, user: AnyUser, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        known = [act for act in LegalAct.objects.visible_to(user).newest_first() if act.may_be_cited]
        fields["acts"].choices = [(act.key, act.heading) for act in known]
        self.plans: dict[str, str] = dict(self.instance.plans)
        steps = {"plan_steps": list(self.plans), "plan_field": next(iter(self.plans.values()), "")}
        self.initial = {**self.initial, **steps, **(kwargs.get("initial") or {})}
        if self.has_many_days:
            del fields["plan_steps"], fields["plan_field"]

    @property
    def has_many_days(self) -> bool:
        """Whether steps take their days from different fields: then the page leaves them as they are."""
        return len(set(self.plans.values())) > 1

    def facts(self) -> dict[str, Any]:
        """The same facts, the planned days put together."""
        given = {name: self.cleaned_data[name] for name in templates.CHANGEABLE if name != "plans"}
        if self.has_many_days:
            return given | {"plans": self.plans}
        day = self.cleaned_data["plan_field"]
        return given | {"plans": {f"{step}": day for step in self.cleaned_data["plan_steps"]}}
