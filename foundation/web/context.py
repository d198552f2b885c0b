from django.conf import settings


def house(request):
    """What every page may say about the house."""
    return {"github_login": bool(settings.GITHUB_CLIENT_ID), "signup_open": settings.SIGNUP_OPEN}
