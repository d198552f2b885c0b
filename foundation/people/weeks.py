"""Weeks as profiles count them: since 1970-01-05, a Monday. Pure."""

from datetime import date, timedelta

FIRST_MONDAY = date(1970, 1, 5)


def week_of(day: date) -> int:
    return (day - FIRST_MONDAY).days // 7


def monday_of(week: int) -> date:
    return FIRST_MONDAY + timedelta(weeks=week)
