"""An address that only a form may call, opened like a page: after a sign-in, or from a history."""

from django.shortcuts import render


class FormsOnlyMiddleware:
    """Say in a page, where a view answers an empty 405, that nothing was done."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if response.status_code != 405 or request.method != "GET":
            return response
        page = render(request, "405.html", status=405)
        page["Allow"] = response["Allow"]
        return page
