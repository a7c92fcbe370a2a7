"""How Excel, DataLens, pandas and curl take the rating: texts to copy, in which the address and the token are named."""

from dataclasses import dataclass

ADDRESS, WEEK, TOKEN = "АДРЕС_ПОРТАЛА", "НЕДЕЛЯ", "ВАШ_ТОКЕН"
RATING = f"{ADDRESS}/api/v1/ratings/{WEEK}/"


@dataclass(frozen=True, slots=True)
class Way:
    """A program that takes the rating: what to do in it, and the text to paste."""

    key: str
    title: str
    caption: str
    steps: tuple[str, ...]
    text: str

    def filled(self, address: str, week: str) -> str:
        """The text with the portal's address and a week; the token stays for the person to put in."""
        return self.text.replace(ADDRESS, address).replace(WEEK, week)


WAYS = (
    Way(
        key="excel",
        title="Excel, Power Query",
        caption="Таблица обновляется кнопкой «Обновить всё»",
        steps=(
            "«Данные» → «Получить данные» → «Из других источников» → «Пустой запрос».",
            "«Расширенный редактор»: вставьте текст и замените токен. На вопрос о входе ответьте «Анонимно».",
            "Без программирования: скачайте CSV для Excel по ссылке внизу страницы.",
        ),
        text=f"""let
    Source = Csv.Document(
        Web.Contents("{ADDRESS}", [
            RelativePath = "api/v1/ratings/{WEEK}/",
            Query = [level = "school", format = "csv", dialect = "comma"],
            Headers = [Authorization = "Bearer {TOKEN}"]
        ]),
        [Delimiter = ",", Encoding = 65001, QuoteStyle = QuoteStyle.Csv]
    ),
    Table = Table.PromoteHeaders(Source),
    Typed = Table.TransformColumnTypes(Table, {{
        {{"numerator", Int64.Type}}, {{"denominator", Int64.Type}}, {{"share", type number}}, {{"rank", Int64.Type}}
    }}, "en-US")
in
    Typed""",
    ),
    Way(
        key="datalens",
        title="DataLens",
        caption="Подключение «API Connector» или файл",
        steps=(
            "Создайте подключение «API Connector» и впишите адрес и заголовок из текста.",
            "Где такого подключения нет: «Файлы» → загрузите CSV, скачанный через curl.",
            "Поля строки перечислены в описании: /api/v1/docs/.",
        ),
        text=f"""GET {RATING}?level=municipality&fields=place.name,numerator,denominator,share,rank&page_size=1000
Authorization: Bearer {TOKEN}""",
    ),
    Way(
        key="pandas",
        title="Python, pandas",
        caption="Неделя целиком; Parquet — сразу с типами (нужен pyarrow)",
        steps=("Токен держите в переменной окружения, а не в тексте программы.",),
        text=f"""import io
import urllib.request

import pandas

def rating(form, **asked):
    query = "&".join(f"{{name}}={{value}}" for name, value in asked.items())
    request = urllib.request.Request(
        f"{RATING}?{{query}}&format={{form}}", headers={{"Authorization": "Bearer {TOKEN}"}}
    )
    return io.BytesIO(urllib.request.urlopen(request).read())

schools = pandas.read_csv(rating("csv", level="school", dialect="comma"))
regions = pandas.read_json(rating("jsonl", level="region", indicator="all"), lines=True)
print(schools.nlargest(10, "share")[["place.name", "numerator", "denominator", "share"]])""",
    ),
    Way(
        key="curl",
        title="curl",
        caption="Файл на диск; второй раз — только если рейтинг изменился",
        steps=(
            "Первая команда скачивает, вторая спрашивает «изменилось ли» и без нужды не качает.",
            "Добавьте к адресу с неделей revision=1 — и ответ не изменится никогда.",
        ),
        text=f"""curl --fail --compressed -H "Authorization: Bearer {TOKEN}" -o rating.csv --etag-save rating.etag \\
  "{RATING}?level=school&format=csv"
curl --fail --compressed -H "Authorization: Bearer {TOKEN}" -o rating.csv --etag-compare rating.etag \\
  "{RATING}?level=school&format=csv"
curl --fail -H "Authorization: Bearer {TOKEN}" -o rating.parquet \\
  "{RATING}?level=school&format=parquet"
curl --fail -H "Authorization: Bearer {TOKEN}" "{ADDRESS}/api/v1/changes/?since=latest\"""",
    ),
)
