from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings

from foundation.people.claims import claim_by_verified_email


class AccountAdapter(DefaultAccountAdapter):
    """Sign-up is open unless the foundation closes it; what is verified links to past work."""

    def is_open_for_signup(self, request):
        return settings.SIGNUP_OPEN

    def confirm_email(self, request, email_address):
        confirmed = super().confirm_email(request, email_address)
        if confirmed:
            claim_by_verified_email(email_address.user)
        return confirmed

    def post_login(self, request, user, **kwargs):
        claim_by_verified_email(user)
        return super().post_login(request, user, **kwargs)
