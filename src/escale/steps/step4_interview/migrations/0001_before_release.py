import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('step4_interview', '0001_initial'), ('step4_interview', '0002_waiting_list'), ('step4_interview', '0003_room'), ('step4_interview', '0004_waiting_since'), ('step4_interview', '0005_pooling_until'), ('step4_interview', '0006_language_of_the_interview'), ('step4_interview', '0007_worked_holidays'), ('step4_interview', '0008_words_in_english'), ('step4_interview', '0009_room_keeper')]

    initial = True

    dependencies = [
        ('ledger', '0001_initial'),
        ('people', '0001_before_release'),
    ]

    operations = [
        migrations.CreateModel(
            name='KeptNumber',
            fields=[
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='+', serialize=False, to='ledger.case')),
                ('hash', models.CharField(max_length=200)),
                ('sealed', models.BinaryField(null=True)),
                ('drawn_at', models.DateTimeField()),
                ('erased_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Readiness',
            fields=[
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='+', serialize=False, to='ledger.case')),
                ('tz', models.CharField(blank=True, default='', max_length=60)),
                ('language', models.CharField(blank=True, default='', max_length=2)),
                ('rehearsed_at', models.DateTimeField(null=True)),
                ('camera', models.BooleanField(null=True)),
                ('microphone', models.BooleanField(null=True)),
                ('network', models.BooleanField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Waiting',
            fields=[
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='+', serialize=False, to='ledger.case')),
                ('asked_at', models.DateTimeField()),
                ('looked_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Booking',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('state', models.CharField(choices=[('active', 'Active'), ('moved', 'Moved'), ('cancelled', 'Cancelled'), ('missed', 'Missed'), ('failed', 'Failed'), ('released', 'Released'), ('held', 'Held')], default='active', max_length=10)),
                ('uid', models.CharField(max_length=60)),
                ('sequence', models.PositiveSmallIntegerField(default=0)),
                ('made_at', models.DateTimeField()),
                ('applicant_seen_at', models.DateTimeField(null=True)),
                ('waiting_since', models.DateTimeField(help_text='When the applicant came to the room.', null=True)),
                ('agent_seen_at', models.DateTimeField(null=True)),
                ('failure_reported_at', models.DateTimeField(null=True)),
                ('last_message', models.PositiveIntegerField(default=0)),
                ('agent', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.agent')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.case')),
            ],
            options={
                'indexes': [models.Index(fields=['agent', 'starts_at'], name='step4_inter_agent_i_abdd23_idx'), models.Index(fields=['case', '-made_at'], name='step4_inter_case_id_0f2d00_idx')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ('active', 'held'))), fields=('agent', 'starts_at'), name='one_booking_per_slot'), models.UniqueConstraint(condition=models.Q(('state', 'active')), fields=('case',), name='one_booking_per_case'), models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='booking_forwards')],
            },
        ),
        migrations.CreateModel(
            name='Conflict',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('declared_at', models.DateTimeField()),
                ('agent', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.agent')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.case')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('case', 'agent'), name='conflict_once')],
            },
        ),
        migrations.CreateModel(
            name='DayOff',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('reason', models.CharField(blank=True, default='', max_length=80)),
                ('worked', models.BooleanField(default=False)),
                ('agent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.agent')),
                ('post', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.post')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('post', 'agent', 'day'), name='one_day_off_of_an_agent'), models.UniqueConstraint(condition=models.Q(('agent', None)), fields=('post', 'day'), name='one_day_off_of_a_post')],
            },
        ),
        migrations.CreateModel(
            name='Freed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('freed_at', models.DateTimeField()),
                ('settled_at', models.DateTimeField(null=True)),
                ('agent', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.agent')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('settled_at', None)), fields=['freed_at'], name='slot_to_pass_on')],
            },
        ),
        migrations.CreateModel(
            name='Interview',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('started_at', models.DateTimeField()),
                ('held_at', models.DateTimeField(null=True)),
                ('failed_at', models.DateTimeField(null=True)),
                ('sheet', models.BinaryField()),
                ('remarks', models.BinaryField(null=True)),
                ('flags', models.JSONField(default=list)),
                ('agent', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.agent')),
                ('booking', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='interview', to='step4_interview.booking')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.case')),
            ],
        ),
        migrations.CreateModel(
            name='Challenge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=30)),
                ('why', models.CharField(blank=True, default='', max_length=20)),
                ('drawn_at', models.DateTimeField()),
                ('answered_at', models.DateTimeField(null=True)),
                ('passed', models.BooleanField(null=True)),
                ('secret', models.BinaryField(null=True)),
                ('lookup', models.CharField(max_length=64, null=True, unique=True)),
                ('opened_at', models.DateTimeField(null=True)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('interview', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='step4_interview.interview')),
            ],
        ),
        migrations.CreateModel(
            name='Offer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('offered_at', models.DateTimeField()),
                ('until', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('outcome', models.CharField(blank=True, default='', max_length=10)),
                ('agent', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.agent')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.case')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('ended_at', None)), fields=['until'], name='offer_to_end')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('case',), name='one_offer_per_case'), models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('agent', 'starts_at'), name='one_offer_per_slot'), models.CheckConstraint(condition=models.Q(('until__gt', models.F('offered_at'))), name='offer_lasts')],
            },
        ),
        migrations.CreateModel(
            name='Opening',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('weekday', models.PositiveSmallIntegerField(help_text='Monday is 0.')),
                ('start', models.TimeField()),
                ('end', models.TimeField()),
                ('since', models.DateField(null=True)),
                ('until', models.DateField(null=True)),
                ('agent', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.agent')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('weekday__lte', 6)), name='opening_weekday'), models.CheckConstraint(condition=models.Q(('end__gt', models.F('start'))), name='opening_forwards')],
            },
        ),
        migrations.CreateModel(
            name='Opinion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('decision', models.CharField(max_length=10)),
                ('ground', models.CharField(blank=True, default='', max_length=30)),
                ('reasons', models.BinaryField(null=True)),
                ('reasons_en', models.BinaryField(null=True)),
                ('second', models.BooleanField(default=False)),
                ('at', models.DateTimeField()),
                ('agent', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.agent')),
                ('interview', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='step4_interview.interview')),
            ],
        ),
        migrations.CreateModel(
            name='Pooling',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('proposed', models.BooleanField(default=False)),
                ('until', models.DateField(null=True)),
                ('agent', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.agent')),
                ('answered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.agent')),
                ('asked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.agent')),
                ('post', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.post')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('agent', 'post'), name='pooled_once')],
            },
        ),
        migrations.CreateModel(
            name='Room',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(max_length=80, unique=True)),
                ('provider', models.CharField(max_length=20)),
                ('name', models.CharField(max_length=120)),
                ('url', models.CharField(max_length=300)),
                ('opened_at', models.DateTimeField()),
                ('closes_at', models.DateTimeField(null=True)),
                ('swept_at', models.DateTimeField(null=True)),
                ('booking', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='room', to='step4_interview.booking')),
                ('kept_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.agent')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('swept_at__isnull', True)), fields=['closes_at'], name='room_to_sweep')],
            },
        ),
        migrations.CreateModel(
            name='Signal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seq', models.PositiveIntegerField()),
                ('sender', models.CharField(max_length=10)),
                ('kind', models.CharField(max_length=12)),
                ('body', models.BinaryField()),
                ('at', models.DateTimeField()),
                ('booking', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='step4_interview.booking')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('booking', 'seq'), name='signal_place')],
            },
        ),
        migrations.CreateModel(
            name='Still',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('purpose', models.CharField(max_length=10)),
                ('asked_at', models.DateTimeField()),
                ('told_at', models.DateTimeField(null=True)),
                ('taken_at', models.DateTimeField(null=True)),
                ('document', models.UUIDField(null=True)),
                ('sha256', models.CharField(blank=True, default='', max_length=64)),
                ('reading', models.CharField(blank=True, default='', max_length=10)),
                ('removed_at', models.DateTimeField(null=True)),
                ('interview', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='step4_interview.interview')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('removed_at__isnull', True)), fields=['taken_at'], name='still_to_remove')],
            },
        ),
    ]
