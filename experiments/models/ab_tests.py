"""What is tried: tests, their variants, what they are decided by, and each stretch of time during
which their allocation stood still.
"""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q

from experiments.assigning import Unit as UnitName
from experiments.statistics import Role as RoleName

KEY = RegexValidator(
    r"^[a-z][a-z0-9_]{1,59}$", "A key is small letters, digits and _, such as summary_tone."
)
_SHARE = [MinValueValidator(0), MaxValueValidator(1)]


class Unit(models.TextChoices):
    USER = UnitName.USER.value, "user"
    FIRM = UnitName.FIRM.value, "firm"
    STOCK = UnitName.STOCK.value, "stock"


class ABTestQuerySet(models.QuerySet["ABTest"]):
    def running(self) -> Self:
        return self.filter(state=ABTest.State.RUNNING)

    def in_force(self) -> Self:
        """What decides what anybody gets: running tests, and shipped variants."""
        return self.filter(state__in=(ABTest.State.RUNNING, ABTest.State.SHIPPED))


class ABTest(models.Model):
    class State(models.TextChoices):
        DRAFT = "draft", "draft"
        RUNNING = "running", "running"
        STOPPED = "stopped", "stopped"
        SHIPPED = "shipped", "shipped"
        KILLED = "killed", "killed"

    key = models.CharField(max_length=60, unique=True, validators=[KEY])
    hypothesis = models.TextField(help_text="What is expected to happen, and why.")
    unit = models.CharField(
        max_length=5, choices=Unit.choices, help_text="What is assigned, and what is counted."
    )
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)
    traffic = models.DecimalField(
        max_digits=5, decimal_places=4, default=1, validators=_SHARE,
        help_text="Share of the units that take part, 0 to 1; in a group, of the group's.",
    )  # fmt: skip
    holdout = models.DecimalField(
        max_digits=5, decimal_places=4, default=0, validators=_SHARE,
        help_text="Share of the units that are left as they are, the same ones for every test.",
    )  # fmt: skip
    group = models.CharField(
        max_length=60, blank=True, validators=[KEY],
        help_text="Tests of one group share no unit.",
    )  # fmt: skip
    targeting = models.JSONField(
        default=list, blank=True,
        help_text='Whom it is for: [{"attribute": "plan", "is": "in", "value": ["pro"]}]; [] for all.',
    )  # fmt: skip
    planned_units = models.PositiveIntegerField(
        help_text="Units with a measured outcome in the smallest variant, before anything is concluded."
    )
    minimal_effect = models.DecimalField(
        max_digits=6, decimal_places=4,
        help_text="The smallest change that matters, as a share of the control's mean.",
    )  # fmt: skip
    alpha = models.DecimalField(
        max_digits=4,
        decimal_places=3,
        default="0.05",
        help_text="How often no effect may be called one.",
    )
    power = models.DecimalField(
        max_digits=4,
        decimal_places=3,
        default="0.8",
        help_text="How often the minimal effect is to be found.",
    )
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    shipped = models.ForeignKey(
        "Variant", null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        help_text="What everybody gets now.",
    )  # fmt: skip
    reason = models.CharField(max_length=300, blank=True, help_text="Why it was decided so.")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    file_hash = models.CharField(
        max_length=64,
        blank=True,
        editable=False,
        help_text="Of its entry in the file it came from.",
    )

    objects = ABTestQuerySet.as_manager()

    class Meta:
        ordering = ("key",)
        verbose_name = "A/B test"
        constraints = (
            models.CheckConstraint(
                name="ab_test_shares",
                condition=Q(traffic__gt=0, traffic__lte=1, holdout__gte=0, holdout__lt=1),
            ),
            models.CheckConstraint(
                name="ab_test_plan",
                condition=Q(planned_units__gte=30, minimal_effect__gt=0, alpha__gt=0, alpha__lt=1)
                & Q(power__gt=0, power__lt=1),
            ),
            models.CheckConstraint(
                name="ab_test_begun_has_date",
                condition=Q(state="draft", started_at__isnull=True)
                | Q(state="killed") | Q(~Q(state="draft"), started_at__isnull=False),
            ),
            models.CheckConstraint(
                name="ab_test_over_has_end",
                condition=Q(state__in=("draft", "running"), ended_at__isnull=True)
                | Q(state__in=("stopped", "shipped", "killed"), ended_at__isnull=False),
            ),
            models.CheckConstraint(
                name="ab_test_shipped_names_variant",
                condition=Q(state="shipped", shipped__isnull=False)
                | Q(~Q(state="shipped"), shipped__isnull=True),
            ),
            models.CheckConstraint(
                name="ab_test_ended_has_reason",
                condition=Q(state__in=("draft", "running")) | ~Q(reason=""),
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return self.key


class Variant(models.Model):
    test = models.ForeignKey(ABTest, on_delete=models.CASCADE, related_name="variants")
    key = models.CharField(max_length=60, validators=[KEY])
    weight = models.PositiveIntegerField(default=1, help_text="Against the other variants'.")
    parameters = models.JSONField(
        default=dict, blank=True, help_text="What differs, as the product reads it."
    )
    is_control = models.BooleanField(default=False)

    class Meta:
        ordering = ("test", "-is_control", "key")
        constraints = (
            models.UniqueConstraint(name="variant_key_once", fields=["test", "key"]),
            models.UniqueConstraint(
                name="variant_one_control", fields=["test"], condition=Q(is_control=True)
            ),
            models.CheckConstraint(name="variant_has_weight", condition=Q(weight__gte=1)),
        )

    def __str__(self) -> str:
        return self.key


class Metric(models.Model):
    """Something that is measured of a unit, whatever test it is in."""

    class Kind(models.TextChoices):
        PROPORTION = "proportion", "proportion"
        MEAN = "mean", "mean"
        RATIO = "ratio", "ratio"

    key = models.CharField(max_length=60, unique=True, validators=[KEY])
    name = models.CharField(max_length=120, help_text="In words, with its unit.")
    kind = models.CharField(
        max_length=10, choices=Kind.choices,
        help_text="A proportion's values are 0 to 1; a ratio's come with what they are counted by.",
    )  # fmt: skip
    higher_is_better = models.BooleanField(default=True)

    class Meta:
        ordering = ("key",)

    def __str__(self) -> str:
        return self.key


class Goal(models.Model):
    """What a metric is to a test."""

    class Role(models.TextChoices):
        PRIMARY = RoleName.PRIMARY.value, "primary"
        SECONDARY = RoleName.SECONDARY.value, "secondary"
        GUARDRAIL = RoleName.GUARDRAIL.value, "guardrail"

    test = models.ForeignKey(ABTest, on_delete=models.CASCADE, related_name="goals")
    metric = models.ForeignKey(Metric, on_delete=models.PROTECT, related_name="goals")
    role = models.CharField(max_length=9, choices=Role.choices)
    margin = models.DecimalField(
        max_digits=5, decimal_places=4, null=True, blank=True, validators=_SHARE,
        help_text="Of a guardrail: by what share of the control's mean a variant may be worse.",
    )  # fmt: skip

    class Meta:
        ordering = ("test", "pk")
        constraints = (
            models.UniqueConstraint(name="goal_metric_once", fields=["test", "metric"]),
            models.UniqueConstraint(
                name="goal_one_primary", fields=["test"], condition=Q(role="primary")
            ),
            models.CheckConstraint(
                name="goal_guardrail_has_margin",
                condition=Q(role="guardrail", margin__isnull=False, margin__gte=0)
                | Q(~Q(role="guardrail"), margin__isnull=True),
            ),
        )

    def __str__(self) -> str:
        return f"{self.role} {self.metric}"


class Phase(models.Model):
    """A stretch of a test during which its allocation stood still; each is analysed by itself."""

    test = models.ForeignKey(ABTest, on_delete=models.CASCADE, related_name="phases")
    number = models.PositiveSmallIntegerField()
    variants = models.JSONField(
        help_text="By key: weight and parameters, as configured when it began. What is served."
    )
    slots = models.JSONField(help_text="Which units: stretches of the line from 0 to 1.")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("test", "number")
        constraints = (
            models.UniqueConstraint(name="phase_number_once", fields=["test", "number"]),
            models.UniqueConstraint(
                name="phase_one_open", fields=["test"], condition=Q(ended_at__isnull=True)
            ),
            models.CheckConstraint(
                name="phase_ends_after_start",
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("started_at")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.test} phase {self.number}"

    @property
    def weights(self) -> dict[str, int]:
        return {key: one["weight"] for key, one in self.variants.items()}
