"""How the load lies on the mentors, for stewards."""

from django.conf import settings
from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from foundation.web.access import stewards_only
from foundation.web.charts import columns
from mentorship.load import (
    CURVE,
    bearers,
    concentration,
    coverage,
    never_suggested,
    tell_apart,
)

PER_PAGE = 25
NAMED = 30


@stewards_only
@require_safe
def load(request):
    """Load against limits, concentration over time, and whom the suggestions reach."""
    now = timezone.now()
    months = concentration(request.user, now=now)
    never = never_suggested(request.user, now=now)
    mentors = Paginator(bearers(request.user, now=now), PER_PAGE)
    page = mentors.get_page(request.GET.get("page"))
    page.object_list = tell_apart(page.object_list, request.user)
    context = {
        "page": page,
        "today": now.date(),
        "months": months,
        "chart": columns(
            [(month.most, month.lists - month.most) for month in months],
            [month.first for month in months],
            ticks=range(0, len(months), 2),
        ),
        "coverage": coverage(request.user, now=now),
        "never": tell_apart(never[:NAMED], request.user),
        "never_count": never.count(),
        "curve": CURVE,
        "weight": settings.LOAD_WEIGHT,
        "unflagged_percent": 100 * settings.UNFLAGGED_SHARE,
    }
    return render(request, "mentorship/load.html", context)
