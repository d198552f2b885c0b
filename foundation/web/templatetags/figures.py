"""How figures are written: each language has its own sign for percent, and the space before it."""

from django import template
from django.template.defaultfilters import floatformat
from django.utils.translation import gettext

register = template.Library()


@register.filter
def percent(value: float) -> str:
    """A share in percent, without decimals."""
    return gettext("%(number)s%%") % {"number": floatformat(value, 0)}
