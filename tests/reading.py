"""Reading pages in tests."""

from django.db import connection
from django.test.utils import CaptureQueriesContext


def page(client, path: str, account=None) -> str:
    """The page at a path, as the account reads it."""
    if account is not None:
        client.force_login(account)
    response = client.get(path)
    assert response.status_code == 200, path
    return response.content.decode()


def queries(client, path: str) -> int:
    """How many queries a page costs."""
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)
