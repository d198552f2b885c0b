"""Emerging leaders, for stewards. Each look at somebody's evidence is noted before it is shown."""

from django.conf import settings
from django.shortcuts import get_list_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from foundation.people.leaders import (
    evidence_of,
    invitations,
    is_nobody_believed,
    look,
    number_agreed,
    standing_look,
)
from foundation.web.access import stewards_only


@stewards_only
@require_safe
def leaders(request):
    signals = list(invitations(request.user, now=timezone.now()).nearest())
    context = {
        "signals": signals,
        "is_nobody_believed": is_nobody_believed(),
        "are_some_left_out": settings.UNFLAGGED_LEADERS > 0,
    }
    return render(request, "people/leaders.html", context)


@stewards_only
@require_http_methods(["GET", "HEAD", "POST"])
def leader(request, public_id, slug):
    """The evidence for an invitation; a POST notes the look, a GET shows what was noted."""
    now = timezone.now()
    signals = get_list_or_404(
        invitations(request.user, now=now), person__public_id=public_id, project__slug=slug
    )
    signal = signals[0]
    if request.method == "POST":
        look(signal, viewer=request.user)
        return redirect("web:leader", public_id=public_id, slug=slug)
    noted = standing_look(signal, viewer=request.user, now=now)
    if noted is None:
        return render(request, "people/leader_ask.html", {"signal": signal})
    with_number = noted.saw_number and number_agreed(signal.person)
    evidence = [evidence_of(each, with_number=with_number) for each in signals]
    return render(request, "people/leader.html", {"evidence": evidence, "noted": noted})
