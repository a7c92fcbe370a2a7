"""Whom the pages and REST of orders are open to: they name people, so the country's observer sees none.

Rows of tests/test_access.py: (path, statuses of visitor, stranger, sveta, marat, nina, observer, root).
"""

from chats.models import Acknowledgement, Order, OrderBatch, OrderTemplate
from schools.scope import Level
from tests.conftest import Cast

Row = tuple[str, tuple[int, ...]]
OWN = (302, 404, 200, 200, 200, 404, 200)
COORDINATORS = (302, 404, 404, 200, 200, 404, 200)
ABROAD = (302, 404, 404, 404, 404, 404, 200)
NOTHING = (302, 404, 404, 404, 404, 404, 404)
ONLY_POST = (405,) * 7


def of_order(tail: str, statuses: tuple[int, ...], abroad: tuple[int, ...]) -> tuple[str, list[Row]]:
    """The rows of a page of an order: of one's own and of a foreign one."""
    return f"orders/<int:pk>/{tail}", [
        (f"orders/{{order}}/{tail}", statuses),
        (f"orders/{{foreign_order}}/{tail}", abroad),
    ]


PAGES: dict[str, list[Row]] = {
    "schools/<int:pk>/orders/": [
        ("schools/{school}/orders/", OWN),
        ("schools/{school}/orders/?year=2026", OWN),
        ("schools/{foreign}/orders/", ABROAD),
    ],
    "schools/<int:pk>/orders/new/": [("schools/{school}/orders/new/", ONLY_POST)],
    "municipalities/<int:pk>/orders/": [
        ("municipalities/{municipality}/orders/", COORDINATORS),
        ("municipalities/{foreign_municipality}/orders/", ABROAD),
    ],
    "municipalities/<int:pk>/orders/new/": [("municipalities/{municipality}/orders/new/", ONLY_POST)],
    "order-templates/": [("order-templates/", (302, 200, 200, 200, 200, 200, 200))],  # they hold nobody's data
    "order-templates/<int:pk>/": [("order-templates/{text}/", (302, 200, 200, 200, 200, 200, 200))],
    "order-templates/<int:pk>/edit/": [("order-templates/{text}/edit/", (302, 403, 403, 403, 403, 403, 200))],
    "orders/for-schools/": [
        ("orders/for-schools/?municipality={municipality}", COORDINATORS),
        ("orders/for-schools/?municipality={foreign_municipality}", ABROAD),
        ("orders/for-schools/?region=78", (302, 404, 404, 404, 200, 404, 200)),
        ("orders/for-schools/", NOTHING),
    ],
    "orders/for-schools/<int:pk>/": [
        ("orders/for-schools/{batch}/", COORDINATORS),
        ("orders/for-schools/{foreign_batch}/", ABROAD),
    ],
    "orders/for-schools/<int:pk>/orders.zip": [("orders/for-schools/{batch}/orders.zip", NOTHING)],  # none made yet
    **dict(
        (
            of_order("", OWN, ABROAD),
            of_order("order.docx", OWN, ABROAD),
            of_order("order.pdf", OWN, ABROAD),
            of_order("scan/", NOTHING, NOTHING),  # before there is one
            of_order("act/", ONLY_POST, ONLY_POST),
        )
    ),
}

SIGNED_IN_API = (401, 200, 200, 200, 200, 200, 200)
OWN_API = (401, 404, 200, 200, 200, 404, 200)
ABROAD_API = (401, 404, 404, 404, 404, 404, 200)
NOTHING_API = (401, 404, 404, 404, 404, 404, 404)
ONLY_POST_API = (401, 405, 405, 405, 405, 405, 405)
ID = r"(?P<pk>\d{1,18})"
API: dict[str, list[Row]] = {
    **{f"^{name}/$": [(f"{name}/", SIGNED_IN_API)] for name in ("order-templates", "orders", "acknowledgements")},
    r"^order-templates/(?P<key>[\w-]{1,60})/$": [
        ("order-templates/sferum-use/", SIGNED_IN_API),
        ("order-templates/no-such-text/", NOTHING_API),
    ],
    **{
        f"^{name}/{ID}/{tail}$": [
            (f"{name}/{{{row}}}/{tail}", OWN_API),
            (f"{name}/{{foreign_{row}}}/{tail}", ABROAD_API),
        ]
        for name, row, tail in (
            ("orders", "order", ""),
            ("orders", "order", "docx/"),
            ("orders", "order", "pdf/"),
            ("acknowledgements", "reader", ""),
        )
    },
    **{
        f"^{name}/{ID}/{verb}/$": [(f"{name}/{{{row}}}/{verb}/", ONLY_POST_API)]
        for name, row, verb in (
            ("orders", "order", "issue"),
            ("orders", "order", "cancel"),
            ("acknowledgements", "reader", "mark"),
            ("acknowledgements", "reader", "unmark"),
        )
    },
    "^acknowledgements/bulk/$": [("acknowledgements/bulk/", ONLY_POST_API)],
}


def ids(cast: Cast) -> dict[str, int]:
    """What the paths name, in one's own school and in a foreign one."""
    text = OrderTemplate.objects.get(key="sferum-use")
    found: dict[str, int] = {"text": text.pk}
    for prefix, school in (("", cast.school), ("foreign_", cast.foreign)):
        order = Order.objects.create(
            level=Level.SCHOOL, school=school, template=text, subject=text.subject, text=text.text
        )
        batch = OrderBatch.objects.create(municipality=school.municipality, template=text)
        reader = Acknowledgement.objects.create(order=order, name="Читателева Анна")
        found |= {f"{prefix}order": order.pk, f"{prefix}batch": batch.pk, f"{prefix}reader": reader.pk}
    return found
