"""The front page: for strangers what this is, for members what is new for them."""

import sys

from django.http import HttpResponse
from django.shortcuts import render
from django.template import loader
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.defaults import server_error

from foundation.database import is_away
from foundation.people.claims import person_of
from foundation.people.models import LeaderSignal
from foundation.people.personal import home_cards
from foundation.people.portrait import Overlap
from foundation.runs.freshness import waiting
from foundation.web.charts import columns
from foundation.web.community import community

RETRY_SECONDS = "60"
# A working day of which five hours are shared, to show how an overlap reads.
EXAMPLE = Overlap(tuple((hour, 12 <= hour < 17) for hour in range(9, 18)), 5)


@require_safe
def home(request):
    if not request.user.is_authenticated:
        return render(request, "web/welcome.html", {"example": EXAMPLE, **_figures()})
    person = person_of(request.user)
    context = {"person": person, "cards": [], "leading": [], "profiles": []}
    if request.user.is_steward:
        context["waiting"] = waiting()
    if person is not None:
        signals = LeaderSignal.objects.filter(person=person, is_declined=False)
        current = signals.current(timezone.now()).select_related("project")
        # A year ahead and two years ahead are one invitation.
        context["leading"] = sorted({one.project for one in current}, key=lambda one: one.name)
        context["profiles"] = list(person.profiles.select_related("project").order_by("-last_at"))
        context["cards"] = home_cards(person)
    return render(request, "web/home.html", context | _figures())


def _figures() -> dict:
    """The community's figures, and the chart of its months."""
    figures = community()
    chart = columns(
        [(month.newcomers, month.active - month.newcomers) for month in figures.months],
        [month.first for month in figures.months],
        ticks=[place for place, month in enumerate(figures.months) if month.first.month % 3 == 1],
    )
    return {"community": figures, "chart": chart if figures.months else None}


def broken(request):
    """Answer for a page that failed: 503 while the database is away, else 500.

    Either page is drawn without the database, the session and the request.
    """
    if not is_away(sys.exception()):
        return server_error(request)
    page = loader.render_to_string("503.html")
    return HttpResponse(page, status=503, headers={"Retry-After": RETRY_SECONDS})
