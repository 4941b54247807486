import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    replaces = [
        ("desk", "0001_initial"),
        ("desk", "0002_initial"),
        ("desk", "0003_saved_views"),
    ]

    dependencies = [
        ('ledger', '0001_initial'),
        ('people', '0001_before_release'),
    ]

    operations = [
        migrations.CreateModel(
            name='Assignment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('agent', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='people.agent')),
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='assignment', to='ledger.case')),
            ],
        ),
        migrations.CreateModel(
            name='Note',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('text', models.BinaryField()),
                ('agent', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='people.agent')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.case')),
            ],
        ),
        migrations.CreateModel(
            name='SavedView',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=40)),
                ('code', models.CharField(max_length=20)),
                ('owner', models.CharField(blank=True, default='', max_length=10)),
                ('order', models.CharField(blank=True, default='', max_length=10)),
                ('agent', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.agent')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('agent', 'name'), name='one_view_of_a_name')],
            },
        ),
    ]
