"""Reading a cohort's pages, and sending their forms."""

from django.urls import reverse

from mentorship.models import CohortPlacement
from tests.reading import page


def of(name: str) -> CohortPlacement:
    return CohortPlacement.objects.get(mentee__name__startswith=name)


def text(client, name: str, pk: int) -> str:
    return page(client, reverse(f"mentorship:{name}", args=[pk]))


def post(client, route: str, *args, **sent):
    return client.post(reverse(f"mentorship:{route}", args=args), sent)
