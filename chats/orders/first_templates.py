"""What the texts of orders begin with, the words themselves in texts/: copied into rows the administrator then changes.

The first follows the sample of the source deck (31.05.2023), with what the sample left of somebody else's organisation
taken out; the others are of the kinds real schools issue (domain: orders). All wording is ours.
"""

from dataclasses import dataclass, field
from pathlib import Path

from schools.scope import Level

TEXTS = Path(__file__).parent / "texts"
SFERUM_NAME = "информационно-коммуникационной образовательной платформы «Сферум»"


@dataclass(frozen=True, slots=True)
class FirstTemplate:
    """What a row holds beside its text; see chats.models.orders.OrderTemplate."""

    key: str
    name: str
    purpose: str
    subject: str
    level: Level = Level.SCHOOL
    plans: dict[str, str] = field(default_factory=dict)
    acts: tuple[str, ...] = ()
    to_all: bool = False

    @property
    def text(self) -> str:
        """The words of the order, with its fields in braces."""
        return (TEXTS / f"{self.key}.txt").read_text(encoding="utf-8")


FIRST_TEMPLATES = (
    FirstTemplate(
        key="sferum-use",
        name="Об использовании платформы «Сферум»",
        purpose="Школа начинает работать на платформе: цели, ответственные, срок регистрации",
        subject=f"Об использовании {SFERUM_NAME}",
        plans={"5": "срок", "9": "срок"},
        acts=("letter-04-643",),
        to_all=True,
    ),
    FirstTemplate(
        key="responsible",
        name="О назначении администратора и ответственного",
        purpose="Назначить или сменить людей, когда платформа уже работает",
        subject=f"О назначении администратора {SFERUM_NAME} и ответственного за методическую поддержку",
        acts=("letter-04-643",),
    ),
    FirstTemplate(
        key="my-school",
        name="О назначении ответственного за «Мою школу»",
        purpose="Школа подключается к ФГИС «Моя школа»",
        subject="О назначении ответственного за работу в ФГИС «Моя школа»",
        acts=("resolution-1241",),
    ),
    FirstTemplate(
        key="chats",
        name="О создании чатов",
        purpose="Утвердить перечень чатов школы с участниками и владельцами",
        subject="О создании чатов на платформе «Сферум»",
        plans={"9": "срок"},
        acts=("letter-04-643",),
    ),
    FirstTemplate(
        key="move-to-max",
        name="О переходе на MAX",
        purpose="Чаты школы переезжают из VK Мессенджера в MAX",
        subject="О переходе чатов школы в мессенджер MAX",
        to_all=True,
    ),
    FirstTemplate(
        key="amend",
        name="О внесении изменений в приказ",
        purpose="Поправить изданный приказ, не отменяя его",
        subject="О внесении изменений в приказ",
    ),
    FirstTemplate(
        key="cancel",
        name="Об отмене приказа",
        purpose="Приказ больше не действует: всё, что по нему сделано, отменится",
        subject="Об отмене приказа",
    ),
    FirstTemplate(
        key="municipal-coordinator",
        name="О назначении муниципального координатора",
        purpose="Управление образования назначает того, кто отвечает за внедрение в муниципалитете",
        subject=f"О назначении муниципального координатора внедрения {SFERUM_NAME}",
        level=Level.MUNICIPALITY,
        acts=("protocol-1838",),
    ),
)
