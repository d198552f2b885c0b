"""What people type about themselves."""

import zoneinfo
from contextlib import suppress
from datetime import UTC, datetime

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.people.backing import KINDS, NAMED, OF_TWO, Claim


class DayInput(forms.DateInput):
    """The browser's own calendar, which wants ISO dates in every language."""

    input_type = "date"

    def __init__(self):
        super().__init__(format="%Y-%m-%d")


class DetailsForm(forms.Form):
    name = forms.CharField(
        label=_("Your name"), max_length=200, help_text=_("As others are to read it.")
    )
    time_zone = forms.ChoiceField(
        label=_("Your time zone"),
        help_text=_("For times on these pages, and to find hours that you share with others."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        zones = sorted(zoneinfo.available_timezones())
        self.fields["time_zone"].choices = [(zone, zone.replace("_", " ")) for zone in zones]


class AffiliationForm(forms.Form):
    organisation = forms.CharField(label=_("Organisation"), max_length=200)
    since = forms.DateField(label=_("From"), widget=DayInput)
    until = forms.DateField(label=_("Until"), widget=DayInput)

    def clean(self):
        cleaned = super().clean()
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", _("This lies before the beginning."))
        return cleaned


class EraseForm(forms.Form):
    confirm = forms.BooleanField(label=_("Yes, forget me. I know that this cannot be undone."))


class ClaimForm(forms.Form):
    """The line of a profile that an evidence page is about, from its address."""

    kind = forms.ChoiceField(choices=[(kind, kind) for kind in KINDS])
    name = forms.CharField(max_length=200, required=False)
    days = forms.IntegerField(min_value=1, max_value=3_660, required=False)
    since = forms.CharField(max_length=20, required=False)

    def clean_since(self) -> datetime | None:
        """A moment, or the day that begins with it, in UTC whatever the reader's time zone is."""
        said = self.cleaned_data["since"]
        for written in ("%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%d"):
            with suppress(ValueError):
                return datetime.strptime(said, written).replace(tzinfo=UTC)
        if said:
            raise forms.ValidationError("A day or a moment is written as in ISO 8601.")
        return None

    def clean(self):
        cleaned = super().clean()
        kind, name = cleaned.get("kind"), cleaned.get("name")
        if kind in NAMED and not name:
            raise forms.ValidationError("An area, language or topic needs its name.")
        if kind in OF_TWO:
            forms.UUIDField().clean(name)
        return cleaned

    @property
    def claim(self) -> Claim:
        return Claim(*(self.cleaned_data[name] for name in ("kind", "name", "days", "since")))
