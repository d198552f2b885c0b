from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings


class AccountAdapter(DefaultAccountAdapter):
    """Sign-up is open unless the foundation closes it."""

    def is_open_for_signup(self, request):
        return settings.SIGNUP_OPEN
