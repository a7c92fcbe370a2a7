"""The first texts of orders: what they rest on."""

import pytest

from chats.models import LegalAct, OrderTemplate

pytestmark = pytest.mark.django_db


def test_no_text_rests_on_an_act_that_is_unknown_or_over() -> None:
    acts = {act.key: act for act in LegalAct.objects.all()}

    named = {key for template in OrderTemplate.objects.current() for key in template.acts}

    assert named
    assert [key for key in named if key not in acts or acts[key].state_facts.is_over] == []
