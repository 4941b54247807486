from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    replaces = [
        ("ui", "0001_initial"),
        ("ui", "0002_open_sessions"),
    ]

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='OpenSession',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('who', models.CharField(db_index=True, max_length=64)),
                ('session_key', models.CharField(max_length=40, unique=True)),
            ],
        ),
        migrations.CreateModel(
            name='Attempt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=120)),
                ('at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['key', 'at'], name='ui_attempt_key_7cc15c_idx')],
            },
        ),
    ]
