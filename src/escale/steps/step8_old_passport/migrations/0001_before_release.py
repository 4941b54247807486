import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    replaces = [
        ("step8_old_passport", "0001_initial"),
        ("step8_old_passport", "0002_relaycount"),
        ("step8_old_passport", "0003_relaycount_differing"),
    ]

    dependencies = [
        ('ledger', '0001_initial'),
        ('people', '0001_before_release'),
    ]

    operations = [
        migrations.CreateModel(
            name='RelayCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(unique=True)),
                ('next_try_at', models.DateTimeField()),
                ('compared_at', models.DateTimeField(null=True)),
                ('ours', models.JSONField(default=dict)),
                ('theirs', models.JSONField(default=dict)),
                ('cases_to_look_at', models.PositiveIntegerField(default=0)),
                ('differing', models.JSONField(default=list, help_text='[[case id, kind of alert], …] of the cases to look at.')),
            ],
        ),
        migrations.CreateModel(
            name='Hold',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.BinaryField()),
                ('at', models.DateTimeField()),
                ('until', models.DateTimeField()),
                ('agent', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='people.agent')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.case')),
            ],
        ),
        migrations.CreateModel(
            name='Invalidation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=20)),
                ('ordered_at', models.DateTimeField()),
                ('next_poll_at', models.DateTimeField(null=True)),
                ('confirmed_at', models.DateTimeField(null=True)),
                ('item_id', models.CharField(blank=True, help_text="The record's id at the border relay.", max_length=80)),
                ('recorded_at', models.DateTimeField(null=True)),
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.case')),
            ],
        ),
        migrations.CreateModel(
            name='Return',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(max_length=35, unique=True)),
                ('carrier', models.CharField(max_length=30)),
                ('source', models.CharField(blank=True, help_text='generated or typed; empty while only intended.', max_length=10)),
                ('sealed', models.BinaryField(help_text='Sealed: the waybill.', null=True)),
                ('document_id', models.UUIDField(null=True)),
                ('asked_at', models.DateTimeField()),
                ('announced_at', models.DateTimeField(null=True)),
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.case')),
            ],
        ),
        migrations.CreateModel(
            name='VisaRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('document_id', models.UUIDField()),
                ('until', models.DateField()),
                ('asked_at', models.DateTimeField()),
                ('state', models.CharField(default='pending', max_length=8)),
                ('answered_at', models.DateTimeField(null=True)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.case')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'pending')), fields=('case',), name='one_pending_visa_request'), models.CheckConstraint(condition=models.Q(('state__in', ('pending', 'accepted', 'refused'))), name='visa_request_state')],
            },
        ),
        migrations.CreateModel(
            name='Withdrawal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.BinaryField()),
                ('asked_at', models.DateTimeField()),
                ('confirmed_at', models.DateTimeField(null=True)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.agent')),
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.case')),
                ('confirmed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.agent')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('confirmed_by__isnull', True), models.Q(('confirmed_by', models.F('asked_by')), _negated=True), _connector='OR'), name='withdrawal_by_two')],
            },
        ),
    ]
