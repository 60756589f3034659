"""An export imported: compared line by line, what we didn't know settled by it. All or nothing."""

from __future__ import annotations

import hashlib
from collections import Counter
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import connection, transaction

from costs.errors import CostError
from costs.models import ExportLine, UsageExport
from costs.reconciling.lines import Malformed
from costs.reconciling.outcome import Outcome, difference
from costs.reconciling.reading import read
from costs.reconciling.requests import compare_requests
from costs.reconciling.sums import compare_sums

# A call sent this long ago is under way no more; batches take up to a day.
NO_MORE_SENDING = timedelta(minutes=10)
SEVERAL = "several"
_LOCK = 0x636F7374  # one import at a time


class AlreadyImported(CostError):
    """The very same file was imported before."""

    def __init__(self, export: UsageExport) -> None:
        super().__init__(
            f"This file was imported on {export.imported_at:%Y-%m-%d %H:%M %Z} as {export.name}. "
            "Nothing was done."
        )
        self.export = export


@transaction.atomic
def import_export(
    content: bytes, *, name: str, by: int | None = None, from_at: datetime | None = None,
    until_at: datetime | None = None, older_than: timedelta = NO_MORE_SENDING,
) -> Outcome:  # fmt: skip
    """Compare a provider's export with the ledger, and settle by it what was unknown.

    ``by``: a user's id. ``from_at``, ``until_at``: all calls sent in that time are in the export,
    so that an unknown one it doesn't have wasn't billed; without them the first and the last
    line say so, leaving out the last ten minutes (25 hours for batches). ``older_than``: calls
    sending for longer are taken for unknown. Raises Malformed and AlreadyImported, having
    changed nothing.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    digest = hashlib.sha256(content).hexdigest()
    if before := UsageExport.objects.filter(sha256=digest).first():
        raise AlreadyImported(before)
    told = read(content)
    cover = told.cover(from_at, until_at)
    if cover.until_at < cover.from_at:
        raise Malformed(None, "the time it covers ends before it begins.")
    compared = compare_sums(told, cover) if told.sums else compare_requests(told, cover, older_than)
    export = UsageExport.objects.create(
        provider=told.providers[0] if len(told.providers) == 1 else SEVERAL,
        name=name[:200], sha256=digest, imported_by_id=by, from_at=cover.from_at,
        until_at=cover.until_at,
        billed_usd=sum((line.billed_usd for line in compared.lines), Decimal(0)),
        ledger_usd=sum((line.ledger_usd for line in compared.lines), Decimal(0))
        + sum((one.ledger_usd for one in compared.extra), Decimal(0)),
    )  # fmt: skip
    for line in compared.lines:
        line.export = export
    ExportLine.objects.bulk_create(compared.lines, batch_size=1000)
    apart = [
        difference(one)
        for one in compared.lines
        if one.match in (ExportLine.Match.DIFFERENT, ExportLine.Match.MISSING)
    ]
    return Outcome(
        export=export,
        matches=Counter(line.match for line in compared.lines),
        differences=(*apart, *compared.extra),
        written_off=compared.written_off,
    )
