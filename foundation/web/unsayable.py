"""What no text in the database can hold is asked for in vain: such an address does not exist."""

from collections.abc import Iterator

from django.http import Http404

NUL = "\0"


class UnsayableMiddleware:
    """Answer 404 where the address holds a NUL, which PostgreSQL refuses, before any view asks.

    What is posted goes through forms, whose fields say so in a sentence.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if any(NUL in text for text in _asked(request, kwargs)):
            raise Http404


def _asked(request, kwargs) -> Iterator[str]:
    yield request.path_info
    yield from (str(value) for value in kwargs.values())
    for name, values in request.GET.lists():
        yield name
        yield from values
