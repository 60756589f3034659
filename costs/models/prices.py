"""What a model costs, from when on: rows, because prices change and bands jump."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


def _per_million(what: str) -> models.DecimalField:  # type: ignore[type-arg]
    return models.DecimalField(
        max_digits=12, decimal_places=6, help_text=f"USD for a million tokens {what}."
    )


class Price(models.Model):
    """One band of a model's price list.

    All bands of a list share ``effective_from``; the newest list that has begun is in force. A
    call falls, whole, into the band with the highest ``above_tokens`` below its prompt's length.
    """

    provider = models.CharField(max_length=20)
    model = models.CharField(max_length=80)
    effective_from = models.DateTimeField()
    above_tokens = models.PositiveIntegerField(
        default=0, help_text="The band of prompts longer than this; 0 is the base band."
    )
    input_usd = _per_million("read anew")
    cache_write_usd = _per_million("written into the cache for 5 minutes")
    cache_write_1h_usd = _per_million("written into the cache for an hour")
    cache_read_usd = _per_million("read from the cache")
    output_usd = _per_million("written, thinking included")
    batch_factor = models.DecimalField(
        max_digits=4, decimal_places=3, default=1, help_text="0.5: half price in a batch."
    )
    source = models.CharField(max_length=300, blank=True, help_text="Where the price is published.")

    class Meta:
        ordering = ("provider", "model", "-effective_from", "above_tokens")
        constraints = (
            models.UniqueConstraint(
                name="model_price_band_once",
                fields=["provider", "model", "effective_from", "above_tokens"],
            ),
            models.CheckConstraint(
                name="model_price_not_negative",
                condition=Q(input_usd__gte=0) & Q(cache_write_usd__gte=0)
                & Q(cache_write_1h_usd__gte=0) & Q(cache_read_usd__gte=0) & Q(output_usd__gte=0),
            ),
            models.CheckConstraint(
                name="model_price_batch_factor", condition=Q(batch_factor__gt=0) & Q(batch_factor__lte=1)
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        band = f" above {self.above_tokens:,} tokens" if self.above_tokens else ""
        return f"{self.model}{band} from {self.effective_from:%Y-%m-%d}"
