"""How a figure of a backtest is written: a dash where there is none."""

from django import template
from django.template.defaultfilters import floatformat
from django.utils.formats import number_format

from foundation.runs.backtest_tables import Cell
from foundation.runs.backtest_words import failure_words, method_words, task_words
from foundation.runs.comparison import with_minus
from foundation.web.templatetags.figures import percent

register = template.Library()
register.filter(failure_words)
register.filter(method_words)
register.filter("backtest_words", task_words)


@register.filter
def figure(cell: Cell) -> str:
    if cell.value is None:
        return "–"
    return percent(cell.value) if cell.is_percent else _written(cell.value, cell.digits)


@register.filter("range")
def interval(cell: Cell) -> str:
    return f"{_written(cell.low, cell.digits)} … {_written(cell.high, cell.digits)}"


@register.filter
def tick(value: float) -> str:
    """A number of a scale, as short as it can be."""
    return with_minus(number_format(f"{value:.4g}"))


def _written(value: float, digits: int) -> str:
    return with_minus(floatformat(value, str(digits) if digits else "0g"))
