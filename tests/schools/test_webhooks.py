"""Webhooks: signed, tried again, switched off, told once of what happened and never of what did not, kept outside."""

import base64
import datetime
import hashlib
import hmac
import json
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from reports.counting import count_week
from reports.events import rating_address
from reports.publishing import PublishRefused, publish
from reports.weeks import IsoWeek
from schools import jobs
from schools.jobs import JobState
from schools.models import Appointment, User, Webhook, WebhookDelivery, WebhookTry
from schools.tasks import deliver_webhook
from schools.webhooks import sending, services, signing
from schools.webhooks.events import WEEK_PUBLISHED, Event
from tests.conftest import Cast, ClientOf
from tests.schools.receiver import Receiver

pytestmark = pytest.mark.django_db
START = datetime.datetime(2026, 11, 30, 6, tzinfo=datetime.UTC)
WEEK = IsoWeek.parse("2026-W48")


@pytest.fixture
def receiver(tmp_path: Path, settings: Any) -> Iterator[Receiver]:
    """A program on this machine that the installation lets webhooks go to."""
    with Receiver(tmp_path) as running:
        settings.WEBHOOK_NETWORKS = ["127.0.0.0/8", "::1/128"]
        settings.WEBHOOK_CA_FILE = str(running.authority)
        yield running


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Stand on the Monday after the week."""
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


def hook(owner: User, url: str, **facts: Any) -> Webhook:
    """Save a webhook."""
    kept = {"name": "Витрина", "events": ["week.published"], "secret": signing.new_secret(), **facts}
    return Webhook.objects.create(owner=owner, url=url, **kept)


def event(key: str = "2026-W48:1") -> Event:
    """Something that happened."""
    return Event(WEEK_PUBLISHED, key, timezone.now(), lambda place: {"week": "2026-W48", "place": str(place)})


def tell(key: str = "2026-W48:1") -> WebhookDelivery:
    """Announce an event to the one webhook there is; return its delivery."""
    assert services.announce(event(key)) == 1
    return WebhookDelivery.objects.latest("pk")


def run(delivery: WebhookDelivery) -> WebhookDelivery:
    """Let a worker take it."""
    deliver_webhook(delivery.pk)
    delivery.refresh_from_db()
    return delivery


# Signed


def test_signature_is_that_of_the_specification() -> None:
    """The example of the Standard Webhooks reference libraries."""
    signed = signing.signature(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, '{"test": 2432232314}'
    )

    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_message_arrives_signed_and_says_what_to_fetch(cast: Cast, receiver: Receiver) -> None:
    webhook = hook(cast.nina, receiver.url, region=cast.region)

    delivery = run(tell())
    got = receiver.received[0]

    key = base64.b64decode(webhook.secret.removeprefix("whsec_"))
    signed = f"{got.headers['webhook-id']}.{got.headers['webhook-timestamp']}.{got.body}".encode()
    expected = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert got.headers["webhook-signature"] == expected
    assert got.headers["webhook-id"] == delivery.message_id
    assert abs(int(got.headers["webhook-timestamp"]) - time.time()) < 60
    assert got.path == "/hook?from=portal"
    body = json.loads(got.body)
    assert body["type"] == "week.published"
    assert body["data"] == {"event_id": delivery.message_id, "week": "2026-W48", "place": "Санкт-Петербург"}
    assert delivery.state == JobState.DONE
    assert delivery.log.get().answer == "ok"


def test_secret_is_sealed_in_the_database(cast: Cast) -> None:
    webhook = hook(cast.nina, "https://example.ru/hook")

    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM schools_webhook")
        kept = cursor.fetchone()[0]

    assert webhook.secret not in kept
    assert Webhook.objects.get().secret == webhook.secret


# Tried again


def test_failed_try_is_made_again_with_the_same_number_and_body(
    cast: Cast, receiver: Receiver, clock: time_machine.Traveller
) -> None:
    hook(cast.nina, receiver.url)
    receiver.status, receiver.answer = 500, "занято\x00\x1b[31m".encode() + b"x" * 500

    delivery = run(tell())
    assert (delivery.state, delivery.tries) == (JobState.QUEUED, 1)
    clock.shift(59)
    run(delivery)
    assert len(receiver.received) == 1  # before its time nobody takes it, whoever brings the message

    clock.shift(2)
    receiver.status = 204
    run(delivery)

    assert [delivery.state, delivery.tries, delivery.attempts] == [JobState.DONE, 2, 1]
    first, second = receiver.received
    assert (first.body, first.headers["webhook-id"]) == (second.body, second.headers["webhook-id"])
    assert first.headers["webhook-signature"] != second.headers["webhook-signature"]
    kept = WebhookTry.objects.get(number=1)
    assert (kept.status, len(kept.answer)) == (500, 200)
    assert kept.answer.isprintable()


def test_reaper_brings_a_postponed_delivery_when_it_is_due_and_not_before(
    cast: Cast, receiver: Receiver, clock: time_machine.Traveller
) -> None:
    hook(cast.nina, receiver.url)
    receiver.status = 500
    delivery = run(tell())
    brought: list[Any] = []

    clock.shift(45)
    jobs.resend_lost(brought.append)
    assert brought == []
    clock.shift(20)
    jobs.resend_lost(brought.append)

    assert brought == [delivery]


def test_waiting_for_the_next_try_is_no_trouble_of_the_queue(
    cast: Cast, receiver: Receiver, client: Client, clock: time_machine.Traveller
) -> None:
    hook(cast.nina, receiver.url)
    receiver.status = 500
    delivery = run(tell())
    due = timezone.now() + datetime.timedelta(hours=6)
    WebhookDelivery.objects.filter(pk=delivery.pk).update(due_at=due, sent_at=due)

    clock.shift(3600)

    assert client.get("/readyz").json()["checks"]["queue"] == {"ok": True, "waiting_seconds": 0}


def exhaust(delivery: WebhookDelivery, clock: time_machine.Traveller) -> WebhookDelivery:
    """Let every try of a delivery fail."""
    for _ in range(len(services.DELAYS) + 1):
        run(delivery)
        clock.shift(25 * 3600)
    return delivery


def test_delivery_ends_after_its_last_try_and_the_webhook_after_three_of_them(
    cast: Cast, receiver: Receiver, clock: time_machine.Traveller
) -> None:
    User.objects.filter(pk=cast.nina.pk).update(email="nina@example.ru")
    Appointment.objects.update(ends_on=None)
    webhook = hook(cast.nina, receiver.url)
    receiver.status = 503

    for number in range(services.MOST_FAILURES):
        assert not mail.outbox
        delivery = exhaust(tell(f"2026-W48:{number}"), clock)
        assert (delivery.state, delivery.tries) == (JobState.FAILED, 7)
    webhook.refresh_from_db()

    assert not webhook.active
    assert "Адрес не принял 3" in webhook.disabled_because
    assert [letter.to for letter in mail.outbox] == [["nina@example.ru"]]
    assert f"/profile/webhooks/{webhook.pk}/" in mail.outbox[0].body
    assert services.announce(event("2026-W49:1")) == 0


def test_success_wipes_the_failures_before_it(cast: Cast, receiver: Receiver) -> None:
    webhook = hook(cast.nina, receiver.url, failures=2)

    run(tell())

    webhook.refresh_from_db()
    assert webhook.failures == 0


def test_who_answers_410_is_not_asked_again(cast: Cast, receiver: Receiver) -> None:
    webhook = hook(cast.nina, receiver.url)
    receiver.status = 410

    delivery = run(tell())

    webhook.refresh_from_db()
    assert (delivery.state, webhook.active) == (JobState.FAILED, False)


def test_delivery_that_another_worker_took_over_is_not_recorded_twice(cast: Cast, receiver: Receiver) -> None:
    hook(cast.nina, receiver.url)
    delivery = tell()
    receiver.on_request = lambda: time.sleep(0)
    progress = jobs.claim(WebhookDelivery, delivery.pk)
    assert progress is not None
    WebhookDelivery.objects.filter(pk=delivery.pk).update(holder="другой")

    with pytest.raises(jobs.JobLost):
        services.perform(progress.job, progress)

    assert not WebhookTry.objects.exists()


# Told once of what happened


@pytest.fixture
def over(cast: Cast, clock: time_machine.Traveller) -> Cast:
    """The week is over, and may be counted."""
    return cast


def test_published_week_is_told_with_the_address_of_its_rating(
    over: Cast, receiver: Receiver, client_of: ClientOf, settings: Any
) -> None:
    hook(over.nina, receiver.url, municipality=over.municipality)

    rating = publish(count_week(WEEK))
    run(WebhookDelivery.objects.get())
    data = json.loads(receiver.received[0].body)["data"]

    facts = (str(WEEK), rating.revision, rating.sha256)
    assert (data["week"], data["revision"], data["sha256"]) == facts
    assert data["rating"].startswith(f"{settings.PORTAL_URL}/api/v1/ratings/2026-W48/?revision=1&level=school")
    assert client_of(over.nina).get(data["rating"].removeprefix(settings.PORTAL_URL)).status_code == 200
    assert set(data) == {"event_id", "week", "revision", "sha256", "rating"}


@pytest.mark.parametrize("place", ["", "region", "municipality", "school"])
def test_address_of_the_rating_opens_for_the_owner(over: Cast, client_of: ClientOf, settings: Any, place: str) -> None:
    publish(count_week(WEEK))

    address = rating_address(str(WEEK), 1, getattr(over, place) if place else None)

    assert client_of(over.nina).get(address.removeprefix(settings.PORTAL_URL)).status_code == 200


def test_revision_that_is_not_published_is_told_to_nobody(over: Cast, receiver: Receiver) -> None:
    hook(over.nina, receiver.url)
    draft = count_week(WEEK)

    with transaction.atomic():
        publish(draft)
        transaction.set_rollback(True)  # the base went away
    assert not WebhookDelivery.objects.exists()
    draft.refresh_from_db()
    publish(draft)
    with pytest.raises(PublishRefused):
        publish(draft)
    same = count_week(WEEK, reason="проверка")
    publish(same)

    assert WebhookDelivery.objects.count() == 1


def test_new_revision_is_an_event_of_its_own(over: Cast, receiver: Receiver) -> None:
    hook(over.nina, receiver.url)
    publish(count_week(WEEK))
    type(over.school).objects.filter(pk=over.school.pk).update(declared_teachers=41)

    publish(count_week(WEEK, reason="поправили число педагогов"))

    assert WebhookDelivery.objects.count() == 2
    assert WebhookDelivery.objects.values("message_id").distinct().count() == 2


def test_event_told_twice_is_sent_once(cast: Cast, receiver: Receiver) -> None:
    hook(cast.nina, receiver.url)

    first, second = services.announce(event()), services.announce(event())
    delivery = WebhookDelivery.objects.get()
    run(delivery)
    run(delivery)

    assert (first, second, len(receiver.received)) == (1, 0, 1)


def test_only_those_who_asked_and_are_here_are_told(cast: Cast) -> None:
    hook(cast.nina, "https://a.example/hook")
    hook(cast.nina, "https://b.example/hook", events=[])
    hook(cast.nina, "https://c.example/hook", active=False)
    hook(cast.marat, "https://d.example/hook")
    User.objects.filter(pk=cast.marat.pk).update(is_active=False)

    services.announce(event())

    assert [row.webhook.url for row in WebhookDelivery.objects.all()] == ["https://a.example/hook"]


def test_webhook_switched_off_meanwhile_is_sent_nothing(cast: Cast, receiver: Receiver) -> None:
    webhook = hook(cast.nina, receiver.url)
    waiting = tell()
    services.switch(webhook, on=False)

    delivery = run(waiting)

    assert (delivery.state, delivery.error, delivery.tries) == (JobState.FAILED, "Вебхук выключен.", 0)
    assert receiver.received == []


def test_owner_who_lost_the_place_is_told_no_more(cast: Cast, receiver: Receiver) -> None:
    webhook = hook(cast.marat, receiver.url, school=cast.school)
    delivery = tell()
    Appointment.objects.filter(user=cast.marat).delete()

    run(delivery)

    webhook.refresh_from_db()
    assert (delivery.state, webhook.active, receiver.received) == (JobState.FAILED, False, [])


# Kept outside (SSRF)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.ru/hook",
        "ftp://example.ru/",
        "https://",
        "https://user:pass@example.ru/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://[64:ff9b::a00:1]/",
        "https://[2002:a00:1::]/",
        "https://169.254.169.254/latest/meta-data/",
        "https://10.1.2.3/",
        "https://192.168.0.1/",
        "https://100.64.0.1/",
        "https://0.0.0.0/",
        "https://224.0.0.1/",
        "https://255.255.255.255/",
        "https://[fe80::1]/",
        "https://[fc00::1]/",
        "https://example.ru/#x",
        "https://example.ru:99999/",
        "https://exam ple.ru/",
        "https://example.ru\\@10.0.0.1/",
        "https://example.ru/\r\nX-Evil: 1",
    ],
)
def test_address_that_is_not_plain_and_public_is_refused(cast: Cast, client_of: ClientOf, url: str) -> None:
    with pytest.raises(sending.AddressRefused):
        sending.check_url(url)
    answer = client_of(cast.nina).post("/profile/webhooks/new/", {"name": "X", "url": url, "events": "week.published"})

    assert answer.status_code == 422 or "\r" in url
    assert "\r" in url or not Webhook.objects.exists()


@pytest.mark.parametrize("name", ["localhost", "127.1", "2130706433", "0x7f.1", "localhost."])
def test_name_that_leads_inside_is_refused_when_it_is_sent_to(name: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        answer = sending.post(f"https://{name}:{server.getsockname()[1]}/", {}, b"{}")

        with pytest.raises(TimeoutError):
            server.accept()
    assert answer.status is None
    assert answer.error in {sending.INSIDE, "Имя сервера не найдено. Проверьте адрес."}


def test_name_with_one_address_outside_and_one_inside_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    both = [(0, 0, 0, "", ("93.184.216.34", 443)), (0, 0, 0, "", ("10.0.0.1", 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: both)

    assert sending.post("https://both.example/", {}, b"{}").error == sending.INSIDE


def test_name_that_changes_its_mind_is_connected_where_it_was_checked(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, asked = socket.getaddrinfo, []

    def fickle(host: str, *args: Any, **kwargs: Any) -> Any:
        asked.append(host)
        answers = real("127.0.0.1", *args, **kwargs)
        return answers if host == "localhost" and asked.count("localhost") == 1 else real(host, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", fickle)

    answer = sending.post(receiver.url, {}, b"{}")

    assert answer.is_good
    assert asked.count("localhost") == 1  # the name was asked once: what was checked is what was connected to


def test_redirect_is_not_followed(receiver: Receiver) -> None:
    receiver.status, receiver.headers = 302, {"Location": f"{receiver.url}&again=1"}

    answer = sending.post(receiver.url, {}, b"{}")

    assert (answer.status, len(receiver.received), answer.is_good) == (302, 1, False)
    assert "перенаправил" in answer.error


def test_certificate_is_checked(receiver: Receiver, settings: Any) -> None:
    by_other_name = sending.post(receiver.url.replace("localhost", "127.0.0.2"), {}, b"{}")
    settings.WEBHOOK_CA_FILE = ""
    unknown = sending.post(receiver.url, {}, b"{}")

    assert unknown.error == "Сертификат сервера не прошёл проверку."
    assert by_other_name.status is None
    assert not receiver.received


def test_answer_that_trickles_holds_nobody(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "DEADLINE", 1.0)
    receiver.answer, receiver.pause = b"x" * 100, 0.3

    began = time.monotonic()
    answer = sending.post(receiver.url, {}, b"{}")

    assert time.monotonic() - began < 3
    assert answer.is_good


def test_server_that_never_finishes_its_greeting_is_cut_off(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.WEBHOOK_NETWORKS = ["127.0.0.0/8"]
    monkeypatch.setattr(sending, "DEADLINE", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as server:
        began = time.monotonic()
        answer = sending.post(f"https://127.0.0.1:{server.getsockname()[1]}/", {}, b"{}")

    assert time.monotonic() - began < 3
    assert answer.status is None
    assert answer.error


def test_endless_answer_is_read_to_a_limit(receiver: Receiver) -> None:
    receiver.answer = b"a" * 5_000_000

    answer = sending.post(receiver.url, {}, b"{}")

    assert answer.is_good
    assert len(answer.text) == sending.SHOWN


# Pages


def test_secret_is_shown_once_and_by_no_cache(cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.nina)

    made = client.post(
        "/profile/webhooks/new/",
        {"name": "Витрина", "url": "https://example.ru/hook", "events": "week.published", "place": "region-78"},
    )
    webhook = Webhook.objects.get()

    assert webhook.secret in made.content.decode().replace("&#43;", "+")
    assert "no-store" in made["Cache-Control"]
    assert webhook.place == cast.region
    for address in ("/profile/webhooks/", f"/profile/webhooks/{webhook.pk}/"):
        assert webhook.secret not in client.get(address).content.decode().replace("&#43;", "+")


@pytest.mark.parametrize("who", ["marat", "root", "observer", "stranger"])
def test_webhook_is_nobody_elses_affair(cast: Cast, client_of: ClientOf, who: str) -> None:
    webhook = hook(cast.nina, "https://example.ru/hook")
    client = client_of(cast.people[who])

    statuses = {
        client.get(f"/profile/webhooks/{webhook.pk}/").status_code,
        *(client.post(f"/profile/webhooks/{webhook.pk}/act/", {key: "1"}).status_code for key in ("secret", "delete")),
    }

    assert statuses == {404}
    assert "example.ru" not in client.get("/profile/webhooks/").content.decode()


@pytest.mark.parametrize("who", ["nina", "root"])
def test_another_webhooks_delivery_is_not_repeated_here(cast: Cast, client_of: ClientOf, who: str) -> None:
    hook(cast.marat, "https://example.ru/his")
    foreign = tell()
    WebhookDelivery.objects.update(state=JobState.FAILED)
    own = hook(cast.people[who], "https://example.ru/hers")

    answer = client_of(cast.people[who]).post(f"/profile/webhooks/{own.pk}/act/", {"repeat": str(foreign.pk)})

    foreign.refresh_from_db()
    assert (answer.status_code, foreign.state) == (404, JobState.FAILED)


def test_ping_is_tried_once_even_while_switched_off(cast: Cast, receiver: Receiver, client_of: ClientOf) -> None:
    webhook = hook(cast.nina, receiver.url, active=False)
    receiver.status = 500

    client_of(cast.nina).post(f"/profile/webhooks/{webhook.pk}/act/", {"ping": "1"})
    delivery = run(WebhookDelivery.objects.get())

    webhook.refresh_from_db()
    assert (delivery.state, delivery.error, webhook.failures) == (JobState.FAILED, "Сервер ответил 500.", 0)
    assert json.loads(receiver.received[0].body)["type"] == "webhook.ping"


def test_delivery_is_repeated_by_hand_under_the_same_number(
    cast: Cast, receiver: Receiver, client_of: ClientOf
) -> None:
    webhook = hook(cast.nina, receiver.url)
    delivery = run(tell())
    client = client_of(cast.nina)

    client.post(f"/profile/webhooks/{webhook.pk}/act/", {"repeat": str(delivery.pk)})
    run(delivery)

    assert [got.headers["webhook-id"] for got in receiver.received] == [delivery.message_id] * 2
    page = client.get(f"/profile/webhooks/{webhook.pk}/").content.decode()
    assert "доставлено" in page
    assert "ответ 200" in page


def test_answer_of_the_other_side_is_only_text_on_the_page(cast: Cast, receiver: Receiver, client_of: ClientOf) -> None:
    webhook = hook(cast.nina, receiver.url)
    receiver.answer = b"<script>alert(1)</script>"

    run(tell())

    assert "<script>alert" not in client_of(cast.nina).get(f"/profile/webhooks/{webhook.pk}/").content.decode()


def test_switching_on_begins_with_a_clean_record(cast: Cast, client_of: ClientOf) -> None:
    webhook = hook(cast.nina, "https://example.ru/", active=False, failures=3, disabled_because="Молчит.")

    client_of(cast.nina).post(f"/profile/webhooks/{webhook.pk}/act/", {"switch": "on"})

    webhook.refresh_from_db()
    assert (webhook.active, webhook.failures, webhook.disabled_because) == (True, 0, "")


def test_ten_webhooks_are_enough(cast: Cast, client_of: ClientOf) -> None:
    for number in range(services.MOST_WEBHOOKS):
        hook(cast.nina, f"https://example.ru/{number}")
    form = {"name": "Ещё", "url": "https://example.ru/", "events": "week.published"}

    assert client_of(cast.nina).post("/profile/webhooks/new/", form).status_code == 422
    assert client_of(cast.marat).post("/profile/webhooks/new/", form).status_code == 200


def test_log_asks_no_more_for_more_deliveries(
    cast: Cast, client_of: ClientOf, django_assert_max_num_queries: Any
) -> None:
    webhook = hook(cast.nina, "https://example.ru/hook")
    for number in range(30):
        delivery = tell(str(number))
        WebhookTry.objects.create(delivery=delivery, number=1, status=500, milliseconds=5)
    client = client_of(cast.nina)
    client.get("/profile/webhooks/")

    with django_assert_max_num_queries(10):
        client.get(f"/profile/webhooks/{webhook.pk}/")


def test_old_deliveries_are_forgotten(cast: Cast) -> None:
    hook(cast.nina, "https://example.ru/hook")
    delivery = tell()
    WebhookDelivery.objects.filter(pk=delivery.pk).update(finished_at=timezone.now(), state=JobState.DONE)

    assert services.forget_old(timezone.now()) == 0
    assert services.forget_old(timezone.now() + services.KEPT + datetime.timedelta(minutes=1)) == 1
