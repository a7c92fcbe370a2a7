"""The tasks every installation runs by the clock: sending lost jobs again, forgetting old uploads."""

from celery import shared_task
from django.utils import timezone

from schools import counters, jobs, retention
from schools.appointing import letters
from schools.appointing.sheet import services as appointment_sheets
from schools.models import AppointmentSheet, InvitationBatch, Reconciliation, WebhookDelivery
from schools.own_tokens import services as own_tokens
from schools.reconciling import retention as reconciliations
from schools.reconciling import services as reconciling
from schools.webhooks import services as webhooks


@shared_task(name="schools.resend_lost_jobs")
def resend_lost_jobs() -> None:
    """Send again the jobs whose message or worker was lost."""
    jobs.resend_lost()


@shared_task(name="schools.forget_old_files")
def forget_old_files() -> None:
    """Erase the uploads and plans whose term is over, old tokens and deliveries, and counters whose window is over."""
    retention.forget_old_files(timezone.now())
    reconciliations.forget_old_plans(timezone.now())
    own_tokens.forget_ended(timezone.now())
    webhooks.forget_old(timezone.now())
    counters.forget_ended()


@shared_task(name="schools.send_invitations")
def send_invitations(pk: int) -> None:
    """Send the letters of a batch of invitations."""
    jobs.run(InvitationBatch, pk, letters.perform)


@shared_task(name="schools.run_appointment_sheet")
def run_appointment_sheet(pk: int) -> None:
    """Read a spreadsheet of appointments, or appoint those it names."""
    jobs.run(AppointmentSheet, pk, appointment_sheets.perform)


@shared_task(name="schools.run_reconciliation")
def run_reconciliation(pk: int) -> None:
    """Read an official list of schools, or write what was decided about it."""
    jobs.run(Reconciliation, pk, reconciling.perform)


@shared_task(name="schools.remind_of_tokens")
def remind_of_tokens() -> None:
    """Write to the owners of tokens that end within a week."""
    own_tokens.remind_of_ending(timezone.now())


@shared_task(name="schools.deliver_webhook")
def deliver_webhook(pk: int) -> None:
    """Try once to deliver an event to a webhook."""
    jobs.run(WebhookDelivery, pk, webhooks.perform)
