"""pgvector, for the embeddings that the next tables hold."""

from django.db import migrations
from pgvector.django import VectorExtension


class Migration(migrations.Migration):
    dependencies = [("summaries", "0001_initial")]
    operations = [VectorExtension()]
