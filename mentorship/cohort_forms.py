"""What a steward types about a cohort."""

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.people.models import Person
from foundation.projects.models import Project
from mentorship.models import Cohort, PairRule

MOST_HOURS = 24
LARGEST_SEED = 2**31 - 1


class CohortForm(forms.ModelForm):
    class Meta:
        model = Cohort
        fields = [
            "name",
            "engine",
            "objective",
            "seed",
            "min_hours",
            "places_a_project",
            "common_language",
        ]
        labels = {
            "engine": _("How to place"),
            "seed": _("Lot number"),
            "places_a_project": _("Places per project"),
            "common_language": _("A language in common is needed"),
        }
        help_texts = {
            "objective": _("For the optimal way only."),
            "seed": _("Among equals a lot decides. The same number draws the same lots."),
            "min_hours": _(
                "How many hours of the day two people must share. It counts only where the hours "
                "of both are known."
            ),
            "common_language": _("It counts only where both said which they speak."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["min_hours"] = _number(self.fields["min_hours"], MOST_HOURS)
        self.fields["seed"] = _number(self.fields["seed"], LARGEST_SEED)


def _number(field: forms.Field, most: int) -> forms.IntegerField:
    return forms.IntegerField(
        label=field.label,
        help_text=field.help_text,
        initial=field.initial,
        min_value=0,
        max_value=most,
    )


class SettingsForm(CohortForm):
    """The one thing a what-if changes: how the cohort is assigned, and its hard limits."""

    class Meta(CohortForm.Meta):
        fields = CohortForm.Meta.fields[1:]

    def change_of(self, cohort: Cohort) -> dict:
        """What differs from a cohort's settings; {} when nothing does."""
        said = self.cleaned_data
        if said["engine"] != Cohort.Engine.OPTIMAL:
            said = {name: value for name, value in said.items() if name != "objective"}
        differs = {name: value for name, value in said.items() if value != getattr(cohort, name)}
        return {"code": "settings", **differs} if differs else {}


class PlaceForm(forms.Form):
    """One more place, with a mentor or in a project."""

    place = forms.ChoiceField(label=_("One more place"))

    def __init__(self, *args, cohort: Cohort, like: Cohort | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        mentors = [(f"mentor:{one.pk}", str(one)) for one in mentors_of(cohort)]
        choices = [("", _("Choose with whom, or where")), (_("with"), mentors)]
        if cohort.places_a_project is not None:
            projects = projects_of(cohort)
            choices.append((_("in"), [(f"project:{one.slug}", one.name) for one in projects]))
        self.fields["place"].choices = choices
        if like is not None:
            kind, is_place, _rest = like.change["code"].partition("_place")
            self.initial["place"] = f"{kind}:{like.change[kind]}" if is_place else None
        elif cohort.state == Cohort.State.INFEASIBLE:
            named = next((fault["mentor"] for fault in cohort.faults if fault["mentor"]), None)
            self.initial["place"] = f"mentor:{named}"

    def change_of(self, cohort: Cohort) -> dict:
        kind, _colon, key = self.cleaned_data["place"].partition(":")
        return {"code": f"{kind}_place", kind: key}


class CoMentorForm(forms.Form):
    """Who helps with every mentee of which project."""

    project = forms.ModelChoiceField(
        label=_("Project"), queryset=Project.objects.none(), to_field_name="slug"
    )
    mentor = forms.ModelChoiceField(label=_("Co-mentor"), queryset=Person.objects.none())

    def __init__(self, *args, cohort: Cohort, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["mentor"].queryset = mentors_of(cohort)
        self.fields["project"].queryset = projects_of(cohort)
        self.fields["mentor"].empty_label = _("Choose a mentor")
        self.fields["project"].empty_label = _("Choose a project")


class PublishForm(forms.Form):
    """A steward's word for the preview that they looked at: when it was written."""

    sure = forms.BooleanField()
    computed_at = forms.DateTimeField()


class AboutForm(forms.Form):
    """Why a mentee is not placed with somebody."""

    mentor = forms.ModelChoiceField(label=_("Mentor"), queryset=Person.objects.none())

    def __init__(self, *args, cohort: Cohort, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["mentor"].queryset = mentors_of(cohort)
        self.fields["mentor"].empty_label = _("Choose a mentor")


class PairForm(AboutForm):
    """A rule for one mentee and a mentor."""

    kind = forms.ChoiceField(label=_("Rule"), choices=PairRule.Kind)
    project = forms.ModelChoiceField(
        label=_("Project"), queryset=Project.objects.none(), to_field_name="slug", required=False
    )

    field_order = ["kind", "mentor", "project"]

    def __init__(self, *args, cohort: Cohort, **kwargs):
        super().__init__(*args, cohort=cohort, **kwargs)
        self.fields["project"].queryset = projects_of(cohort)
        self.fields["project"].empty_label = _("Choose a project")

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("kind") == PairRule.Kind.PIN and not cleaned.get("project"):
            self.add_error("project", _("Say in which project."))
        return cleaned


def mentors_of(cohort: Cohort):
    keys = [int(key) for key in cohort.summary.get("mentors", {})]
    return Person.objects.filter(pk__in=keys, erased_at=None).order_by("name", "pk")


def projects_of(cohort: Cohort):
    return Project.objects.filter(slug__in=list(cohort.summary.get("projects", {})))
