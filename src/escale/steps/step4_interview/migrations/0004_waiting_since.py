from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("step4_interview", "0003_room"),
    ]

    operations = [
        migrations.AddField(
            model_name="booking",
            name="waiting_since",
            field=models.DateTimeField(help_text="When the applicant came to the room.", null=True),
        ),
    ]
