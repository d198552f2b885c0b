"""Reading a cohort's pages, and sending their forms."""

from django.urls import reverse

from mentorship.models import Cohort, CohortPlacement
from tests.reading import page


def of(name: str) -> CohortPlacement:
    return CohortPlacement.objects.get(mentee__name__startswith=name)


def text(client, name: str, *args) -> str:
    return page(client, reverse(f"mentorship:{name}", args=args))


def address(name: str) -> tuple[int, int]:
    """The arguments of the address of a mentee in their cohort."""
    return of(name).cohort_id, of(name).mentee_id


def post(client, route: str, *args, **sent):
    return client.post(reverse(f"mentorship:{route}", args=args), sent)


def publish(client, cohort: Cohort):
    """As from the page of the preview that is given."""
    sent = {"sure": "on", "computed_at": cohort.computed_at.isoformat()}
    return post(client, "cohort-publish", cohort.pk, **sent)
