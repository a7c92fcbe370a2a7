"""The composite score as an indicator: its part is the score, its whole the most there is."""

from reports.indicators.kinds import OURS, Indicator, Theme
from schools.bases import WEEKLY_REPORT
from schools.platforms import SFERUM

FULL_SCORE = 10_000

COMPOSITE = Indicator(
    number=33,
    key="composite",
    name="Сводный балл по показателям с опубликованными весами",
    short_name="Сводный балл",
    theme=Theme.DATA,
    platform=SFERUM,
    part="composite",
    whole="",
    unit=("балл", "балла", "баллов"),
    question="Кто впереди, если смотреть на всё сразу?",
    definition=(
        "Доли показателей этого же места, взвешенные по опубликованным весам; доля больше 100 % считается за 100 %. "
        "Показатель, который к месту не относится, выходит из счёта вместе со своим весом."
    ),
    part_text="набрано баллов",
    whole_text="баллов всего",
    act="Протокол Минцифры России № 1612-пр от 18.10.2022, п. 11",
    bases=(WEEKLY_REPORT,),
    source="Показатели той же недели",
    limits=(
        OURS,
        "Веса — наше соглашение: они видны на этой странице и хранятся вместе с неделей.",
        "Балл не складывается снизу: у района он из долей района, а не среднее баллов школ.",
        "Место, у которого хотя бы один показатель не измерен, балла не получает: дыра не может быть выгодной.",
    ),
    target=0.8,
    alarm=0.5,
    counts_people=False,
)
