"""What the database refuses, whoever asks."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection

from summaries.models import AuditEvent, Document
from tests.factories import make_text_document

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("field", ["text", "sha256"])
def test_document_keeps_its_text(field: str) -> None:
    document = make_text_document("Revenue was 1.")
    with pytest.raises(IntegrityError, match="Store a changed text as a new document"):
        Document.objects.filter(pk=document.pk).update(**{field: "f" * 64})


def test_document_may_be_saved_unchanged_and_retitled() -> None:
    document = make_text_document("Revenue was 1.")
    document.title = "Sector"
    document.save()
    assert Document.objects.get().title == "Sector"


def test_audit_event_cannot_be_changed() -> None:
    event = AuditEvent.objects.create(action="publish", subject_type="summary", subject_id="1")
    with pytest.raises(IntegrityError, match="written once"):
        AuditEvent.objects.filter(pk=event.pk).update(action="reject")


def test_audit_event_cannot_be_deleted() -> None:
    event = AuditEvent.objects.create(action="publish", subject_type="summary", subject_id="1")
    with pytest.raises(IntegrityError, match="Record a new event"):
        event.delete()


def test_vector_extension_is_there() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_extension WHERE extname = 'vector'")
        assert cursor.fetchone() == (1,)
