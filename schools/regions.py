"""The 89 subjects of the Russian Federation: codes, federal districts and time zones, as of 2026."""

from typing import NamedTuple


class RegionFact(NamedTuple):
    """A subject of the federation; four of them belong to no federal district and have no ISO code."""

    code: str
    name: str
    short_name: str
    federal_district: str
    iso_code: str
    oktmo: str
    timezone: str


# fmt: off
REGIONS = (
    RegionFact("01", "Республика Адыгея", "Адыгея", "Южный", "RU-AD", "79", "Europe/Moscow"),
    RegionFact("02", "Республика Башкортостан", "Башкортостан", "Приволжский", "RU-BA", "80", "Asia/Yekaterinburg"),
    RegionFact("03", "Республика Бурятия", "Бурятия", "Дальневосточный", "RU-BU", "81", "Asia/Irkutsk"),
    RegionFact("04", "Республика Алтай", "Республика Алтай", "Сибирский", "RU-AL", "84", "Asia/Barnaul"),
    RegionFact("05", "Республика Дагестан", "Дагестан", "Северо-Кавказский", "RU-DA", "82", "Europe/Moscow"),
    RegionFact("06", "Республика Ингушетия", "Ингушетия", "Северо-Кавказский", "RU-IN", "26", "Europe/Moscow"),
    RegionFact("07", "Кабардино-Балкарская Республика", "Кабардино-Балкария", "Северо-Кавказский", "RU-KB", "83", "Europe/Moscow"),
    RegionFact("08", "Республика Калмыкия", "Калмыкия", "Южный", "RU-KL", "85", "Europe/Moscow"),
    RegionFact("09", "Карачаево-Черкесская Республика", "Карачаево-Черкесия", "Северо-Кавказский", "RU-KC", "91", "Europe/Moscow"),
    RegionFact("10", "Республика Карелия", "Карелия", "Северо-Западный", "RU-KR", "86", "Europe/Moscow"),
    RegionFact("11", "Республика Коми", "Коми", "Северо-Западный", "RU-KO", "87", "Europe/Moscow"),
    RegionFact("12", "Республика Марий Эл", "Марий Эл", "Приволжский", "RU-ME", "88", "Europe/Moscow"),
    RegionFact("13", "Республика Мордовия", "Мордовия", "Приволжский", "RU-MO", "89", "Europe/Moscow"),
    RegionFact("14", "Республика Саха (Якутия)", "Саха (Якутия)", "Дальневосточный", "RU-SA", "98", "Asia/Yakutsk"),
    RegionFact("15", "Республика Северная Осетия — Алания", "Северная Осетия", "Северо-Кавказский", "RU-SE", "90", "Europe/Moscow"),
    RegionFact("16", "Республика Татарстан", "Татарстан", "Приволжский", "RU-TA", "92", "Europe/Moscow"),
    RegionFact("17", "Республика Тыва", "Тыва", "Сибирский", "RU-TY", "93", "Asia/Krasnoyarsk"),
    RegionFact("18", "Удмуртская Республика", "Удмуртия", "Приволжский", "RU-UD", "94", "Europe/Samara"),
    RegionFact("19", "Республика Хакасия", "Хакасия", "Сибирский", "RU-KK", "95", "Asia/Krasnoyarsk"),
    RegionFact("20", "Чеченская Республика", "Чечня", "Северо-Кавказский", "RU-CE", "96", "Europe/Moscow"),
    RegionFact("21", "Чувашская Республика", "Чувашия", "Приволжский", "RU-CU", "97", "Europe/Moscow"),
    RegionFact("22", "Алтайский край", "Алтайский край", "Сибирский", "RU-ALT", "01", "Asia/Barnaul"),
    RegionFact("23", "Краснодарский край", "Краснодарский край", "Южный", "RU-KDA", "03", "Europe/Moscow"),
    RegionFact("24", "Красноярский край", "Красноярский край", "Сибирский", "RU-KYA", "04", "Asia/Krasnoyarsk"),
    RegionFact("25", "Приморский край", "Приморский край", "Дальневосточный", "RU-PRI", "05", "Asia/Vladivostok"),
    RegionFact("26", "Ставропольский край", "Ставропольский край", "Северо-Кавказский", "RU-STA", "07", "Europe/Moscow"),
    RegionFact("27", "Хабаровский край", "Хабаровский край", "Дальневосточный", "RU-KHA", "08", "Asia/Vladivostok"),
    RegionFact("28", "Амурская область", "Амурская обл.", "Дальневосточный", "RU-AMU", "10", "Asia/Yakutsk"),
    RegionFact("29", "Архангельская область", "Архангельская обл.", "Северо-Западный", "RU-ARK", "11", "Europe/Moscow"),
    RegionFact("30", "Астраханская область", "Астраханская обл.", "Южный", "RU-AST", "12", "Europe/Astrakhan"),
    RegionFact("31", "Белгородская область", "Белгородская обл.", "Центральный", "RU-BEL", "14", "Europe/Moscow"),
    RegionFact("32", "Брянская область", "Брянская обл.", "Центральный", "RU-BRY", "15", "Europe/Moscow"),
    RegionFact("33", "Владимирская область", "Владимирская обл.", "Центральный", "RU-VLA", "17", "Europe/Moscow"),
    RegionFact("34", "Волгоградская область", "Волгоградская обл.", "Южный", "RU-VGG", "18", "Europe/Volgograd"),
    RegionFact("35", "Вологодская область", "Вологодская обл.", "Северо-Западный", "RU-VLG", "19", "Europe/Moscow"),
    RegionFact("36", "Воронежская область", "Воронежская обл.", "Центральный", "RU-VOR", "20", "Europe/Moscow"),
    RegionFact("37", "Ивановская область", "Ивановская обл.", "Центральный", "RU-IVA", "24", "Europe/Moscow"),
    RegionFact("38", "Иркутская область", "Иркутская обл.", "Сибирский", "RU-IRK", "25", "Asia/Irkutsk"),
    RegionFact("39", "Калининградская область", "Калининградская обл.", "Северо-Западный", "RU-KGD", "27", "Europe/Kaliningrad"),
    RegionFact("40", "Калужская область", "Калужская обл.", "Центральный", "RU-KLU", "29", "Europe/Moscow"),
    RegionFact("41", "Камчатский край", "Камчатский край", "Дальневосточный", "RU-KAM", "30", "Asia/Kamchatka"),
    RegionFact("42", "Кемеровская область — Кузбасс", "Кузбасс", "Сибирский", "RU-KEM", "32", "Asia/Novokuznetsk"),
    RegionFact("43", "Кировская область", "Кировская обл.", "Приволжский", "RU-KIR", "33", "Europe/Kirov"),
    RegionFact("44", "Костромская область", "Костромская обл.", "Центральный", "RU-KOS", "34", "Europe/Moscow"),
    RegionFact("45", "Курганская область", "Курганская обл.", "Уральский", "RU-KGN", "37", "Asia/Yekaterinburg"),
    RegionFact("46", "Курская область", "Курская обл.", "Центральный", "RU-KRS", "38", "Europe/Moscow"),
    RegionFact("47", "Ленинградская область", "Ленинградская обл.", "Северо-Западный", "RU-LEN", "41", "Europe/Moscow"),
    RegionFact("48", "Липецкая область", "Липецкая обл.", "Центральный", "RU-LIP", "42", "Europe/Moscow"),
    RegionFact("49", "Магаданская область", "Магаданская обл.", "Дальневосточный", "RU-MAG", "44", "Asia/Magadan"),
    RegionFact("50", "Московская область", "Московская обл.", "Центральный", "RU-MOS", "46", "Europe/Moscow"),
    RegionFact("51", "Мурманская область", "Мурманская обл.", "Северо-Западный", "RU-MUR", "47", "Europe/Moscow"),
    RegionFact("52", "Нижегородская область", "Нижегородская обл.", "Приволжский", "RU-NIZ", "22", "Europe/Moscow"),
    RegionFact("53", "Новгородская область", "Новгородская обл.", "Северо-Западный", "RU-NGR", "49", "Europe/Moscow"),
    RegionFact("54", "Новосибирская область", "Новосибирская обл.", "Сибирский", "RU-NVS", "50", "Asia/Novosibirsk"),
    RegionFact("55", "Омская область", "Омская обл.", "Сибирский", "RU-OMS", "52", "Asia/Omsk"),
    RegionFact("56", "Оренбургская область", "Оренбургская обл.", "Приволжский", "RU-ORE", "53", "Asia/Yekaterinburg"),
    RegionFact("57", "Орловская область", "Орловская обл.", "Центральный", "RU-ORL", "54", "Europe/Moscow"),
    RegionFact("58", "Пензенская область", "Пензенская обл.", "Приволжский", "RU-PNZ", "56", "Europe/Moscow"),
    RegionFact("59", "Пермский край", "Пермский край", "Приволжский", "RU-PER", "57", "Asia/Yekaterinburg"),
    RegionFact("60", "Псковская область", "Псковская обл.", "Северо-Западный", "RU-PSK", "58", "Europe/Moscow"),
    RegionFact("61", "Ростовская область", "Ростовская обл.", "Южный", "RU-ROS", "60", "Europe/Moscow"),
    RegionFact("62", "Рязанская область", "Рязанская обл.", "Центральный", "RU-RYA", "61", "Europe/Moscow"),
    RegionFact("63", "Самарская область", "Самарская обл.", "Приволжский", "RU-SAM", "36", "Europe/Samara"),
    RegionFact("64", "Саратовская область", "Саратовская обл.", "Приволжский", "RU-SAR", "63", "Europe/Saratov"),
    RegionFact("65", "Сахалинская область", "Сахалинская обл.", "Дальневосточный", "RU-SAK", "64", "Asia/Sakhalin"),
    RegionFact("66", "Свердловская область", "Свердловская обл.", "Уральский", "RU-SVE", "65", "Asia/Yekaterinburg"),
    RegionFact("67", "Смоленская область", "Смоленская обл.", "Центральный", "RU-SMO", "66", "Europe/Moscow"),
    RegionFact("68", "Тамбовская область", "Тамбовская обл.", "Центральный", "RU-TAM", "68", "Europe/Moscow"),
    RegionFact("69", "Тверская область", "Тверская обл.", "Центральный", "RU-TVE", "28", "Europe/Moscow"),
    RegionFact("70", "Томская область", "Томская обл.", "Сибирский", "RU-TOM", "69", "Asia/Tomsk"),
    RegionFact("71", "Тульская область", "Тульская обл.", "Центральный", "RU-TUL", "70", "Europe/Moscow"),
    RegionFact("72", "Тюменская область", "Тюменская обл.", "Уральский", "RU-TYU", "71", "Asia/Yekaterinburg"),
    RegionFact("73", "Ульяновская область", "Ульяновская обл.", "Приволжский", "RU-ULY", "73", "Europe/Ulyanovsk"),
    RegionFact("74", "Челябинская область", "Челябинская обл.", "Уральский", "RU-CHE", "75", "Asia/Yekaterinburg"),
    RegionFact("75", "Забайкальский край", "Забайкальский край", "Дальневосточный", "RU-ZAB", "76", "Asia/Chita"),
    RegionFact("76", "Ярославская область", "Ярославская обл.", "Центральный", "RU-YAR", "78", "Europe/Moscow"),
    RegionFact("77", "Москва", "Москва", "Центральный", "RU-MOW", "45", "Europe/Moscow"),
    RegionFact("78", "Санкт-Петербург", "Санкт-Петербург", "Северо-Западный", "RU-SPE", "40", "Europe/Moscow"),
    RegionFact("79", "Еврейская автономная область", "Еврейская АО", "Дальневосточный", "RU-YEV", "99", "Asia/Vladivostok"),
    RegionFact("83", "Ненецкий автономный округ", "Ненецкий АО", "Северо-Западный", "RU-NEN", "11", "Europe/Moscow"),
    RegionFact("86", "Ханты-Мансийский автономный округ — Югра", "ХМАО — Югра", "Уральский", "RU-KHM", "71", "Asia/Yekaterinburg"),
    RegionFact("87", "Чукотский автономный округ", "Чукотский АО", "Дальневосточный", "RU-CHU", "77", "Asia/Anadyr"),
    RegionFact("89", "Ямало-Ненецкий автономный округ", "ЯНАО", "Уральский", "RU-YAN", "71", "Asia/Yekaterinburg"),
    RegionFact("90", "Запорожская область", "Запорожская обл.", "", "", "23", "Europe/Moscow"),
    RegionFact("91", "Республика Крым", "Крым", "Южный", "", "35", "Europe/Simferopol"),
    RegionFact("92", "Севастополь", "Севастополь", "Южный", "", "67", "Europe/Simferopol"),
    RegionFact("93", "Донецкая Народная Республика", "ДНР", "", "", "21", "Europe/Moscow"),
    RegionFact("94", "Луганская Народная Республика", "ЛНР", "", "", "43", "Europe/Moscow"),
    RegionFact("95", "Херсонская область", "Херсонская обл.", "", "", "74", "Europe/Moscow"),
)
# fmt: on
DISTRICTS = tuple(sorted({region.federal_district for region in REGIONS if region.federal_district}))
