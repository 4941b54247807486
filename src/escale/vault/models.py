"""What the vault keeps: one wrapped key per case, and sealed documents."""

from __future__ import annotations

import uuid

from django.db import models


class CaseKey(models.Model):
    """The data key of a case, wrapped by a master key. Destroying it makes all that it sealed unreadable."""

    case_id = models.UUIDField(primary_key=True)
    wrapped = models.BinaryField(null=True)
    master_key_id = models.CharField(max_length=40)
    created_at = models.DateTimeField()
    destroyed_at = models.DateTimeField(null=True)


class SealedDocument(models.Model):
    """A document or picture, sealed with its case's key. ``content`` is a nonce and an AES-256-GCM ciphertext."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case_id = models.UUIDField(db_index=True)
    kind = models.CharField(max_length=60)
    media_type = models.CharField(max_length=60)
    size = models.PositiveIntegerField()
    content = models.BinaryField()
    added_at = models.DateTimeField()
