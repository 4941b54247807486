"""The files of one kind become the pages of one document, in the order they were sent."""

from itertools import groupby

from django.db import migrations


def gather(apps, _schema_editor):
    documents = apps.get_model("step2_application", "Document").objects.order_by("case_id", "kind", "added_at", "id")
    pages = apps.get_model("step2_application", "Page").objects
    for _key, files in groupby(list(documents), key=lambda row: (row.case_id, row.kind)):
        first, *others = files
        number = pages.filter(document=first).count()
        for other in others:
            for page in pages.filter(document=other).order_by("number"):
                number += 1
                pages.filter(pk=page.pk).update(document=first, number=number)
            first.size += other.size
            other.delete()
        if others:
            first.save(update_fields=["size"])


class Migration(migrations.Migration):
    dependencies = [("step2_application", "0001_initial")]

    operations = [migrations.RunPython(gather, migrations.RunPython.noop)]
