"""Addresses of people's pages; they live in the namespace of ``foundation.web``."""

from django.urls import path

from foundation.people import leader_views, lull_views, rights_views, views

urlpatterns = [
    path("people/<uuid:public_id>/", views.person, name="person"),
    path("people/<uuid:public_id>/evidence/", views.evidence, name="evidence"),
    path("leaders/", leader_views.leaders, name="leaders"),
    path("leaders/<uuid:public_id>/<slug:slug>/", leader_views.leader, name="leader"),
    # What one may do with what is said of oneself.
    path("me/", views.me, name="me"),
    path("me/claim/", rights_views.claim, name="claim"),
    path("me/details/", rights_views.details, name="details"),
    path("me/organisations/", rights_views.affiliations, name="affiliations"),
    path(
        "me/organisations/<int:pk>/remove/",
        rights_views.affiliation_remove,
        name="affiliation-remove",
    ),
    path("me/addresses/", rights_views.identities, name="identities"),
    path("me/addresses/<int:pk>/detach/", rights_views.identity_detach, name="identity-detach"),
    path("me/expertise/<int:pk>/", rights_views.expertise_visibility, name="expertise-visibility"),
    path("me/leading/", rights_views.leading, name="leading"),
    path("me/leading/consent/", rights_views.consent, name="consent"),
    path("me/leading/<int:pk>/decline/", rights_views.signal_decline, name="signal-decline"),
    path("me/lull/", lull_views.lull_answer, name="lull-answer"),
    path("me/rights/", rights_views.privacy, name="privacy"),
    path("me/rights/visibility/", rights_views.visibility, name="visibility"),
    path("me/rights/export/", rights_views.download, name="export"),
    path("me/rights/erase/", rights_views.erase, name="erase"),
]
