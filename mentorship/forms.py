"""What mentees and mentors type."""

from django import forms
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from foundation.people.forms import DayInput
from foundation.people.tongue_names import known_tongues
from foundation.people.tongues import folded
from foundation.projects.models import Project
from mentorship.models import MentorOffer, MentorRequest

MOST_PLACES = 20
HOURS = [(hour, f"{hour}:00") for hour in range(24)]
ENDS = [(hour, f"{hour}:00") for hour in range(1, 25)]


class TonguesForm(forms.ModelForm):
    """What somebody types anew of the languages they speak names at least one that is known."""

    def clean_languages(self):
        said = self.cleaned_data["languages"]
        named = folded(said)
        if "languages" in self.changed_data and named and named.isdisjoint(known_tongues()):
            raise forms.ValidationError(
                _(
                    "No language was recognised in “%(said)s”. Write their names, separated by "
                    "commas: English, French."
                ),
                params={"said": said},
            )
        return said


class AskForm(TonguesForm):
    """The wish for a mentor; the name is asked only of those who have none here yet."""

    name = forms.CharField(
        label=_("Your name"), max_length=200, help_text=_("As a mentor is to read it.")
    )

    class Meta:
        model = MentorRequest
        fields = ["project", "rank", "skills", "interests", "languages", "starts_at", "ends_at"]
        labels = {"rank": _("Rank of this wish")}
        help_texts = {
            "rank": _("1 for the project that you want most. Equal numbers: you want both alike.")
        }
        widgets = {
            "skills": forms.Textarea(attrs={"rows": 2}),
            "interests": forms.Textarea(attrs={"rows": 2}),
        }

    field_order = ["name", "project"]

    def __init__(self, *args, person=None, **kwargs):
        super().__init__(*args, **kwargs)
        if person is not None and person.name:
            del self.fields["name"]
        self.fields["project"].queryset = Project.objects.order_by("name")
        self.fields["project"].empty_label = _("Choose a project")
        self.fields["rank"].required = False
        self.fields["starts_at"] = _hours(MentorRequest, "starts_at", HOURS)
        self.fields["ends_at"] = _hours(MentorRequest, "ends_at", ENDS)

    def clean_rank(self):
        return self.cleaned_data["rank"] or 1

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("starts_at") is not None and cleaned["starts_at"] == cleaned.get("ends_at"):
            self.add_error("ends_at", _("Your day needs at least one hour."))
        return cleaned


def _hours(model, name: str, choices) -> forms.TypedChoiceField:
    field = model._meta.get_field(name)
    return forms.TypedChoiceField(
        label=capfirst(field.verbose_name),
        choices=choices,
        coerce=int,
        initial=field.default,
    )


class LimitsForm(TonguesForm):
    class Meta:
        model = MentorOffer
        fields = ["places", "paused_until", "languages", "never"]
        widgets = {"paused_until": DayInput}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["places"].widget.attrs["max"] = MOST_PLACES
        until = self.instance.paused_until
        if until and until <= timezone.now().date():
            self.initial["paused_until"] = None

    def clean_places(self):
        places = self.cleaned_data["places"]
        if places > MOST_PLACES:
            raise forms.ValidationError(
                _("%(most)s mentees at once are the most."), params={"most": MOST_PLACES}
            )
        return places

    def clean_paused_until(self):
        until = self.cleaned_data["paused_until"]
        if until and until <= timezone.now().date():
            raise forms.ValidationError(
                _("This pause would be over already. Choose a day after today, or leave it empty.")
            )
        return until
