import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('people', '0001_before_release'),
    ]

    operations = [
        migrations.CreateModel(
            name='Case',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('reference', models.CharField(max_length=20, unique=True)),
                ('version', models.PositiveIntegerField(default=0)),
                ('applicant_sub', models.CharField(db_index=True, max_length=80)),
                ('person_key', models.CharField(help_text='Keyed digest of the NUMIC: one open case per person.', max_length=64)),
                ('household_key', models.CharField(blank=True, db_index=True, help_text='Keyed digest of the address.', max_length=64)),
                ('language', models.CharField(default='fr', max_length=2)),
                ('summary', models.BinaryField(help_text='Sealed: names, date of birth, e-mail, address (see ledger.summary).')),
                ('travel_on', models.DateField(null=True)),
                ('identity', models.CharField(default='signed_in', max_length=24)),
                ('application', models.CharField(default='draft', max_length=24)),
                ('posted_items', models.CharField(default='not_asked', max_length=24)),
                ('interview', models.CharField(default='locked', max_length=24)),
                ('dispatch', models.CharField(default='waiting', max_length=24)),
                ('delivery', models.CharField(default='waiting', max_length=24)),
                ('receipt', models.CharField(default='waiting', max_length=24)),
                ('old_passport', models.CharField(default='waiting', max_length=24)),
                ('title', models.CharField(default='none', max_length=24)),
                ('outcome', models.CharField(default='open', max_length=20)),
                ('opened_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField()),
                ('closed_at', models.DateTimeField(null=True)),
                ('last_hash', models.CharField(default='', max_length=64)),
                ('entries_count', models.PositiveIntegerField(default=0)),
                ('post', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='people.post')),
            ],
            options={
                'indexes': [models.Index(fields=['post', 'outcome', 'changed_at'], name='ledger_case_post_id_fd1c60_idx')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('outcome', 'open')), fields=('person_key',), name='one_open_case_per_person'), models.CheckConstraint(condition=models.Q(('identity__in', ['signed_in', 'matched', 'eligible', 'ineligible'])), name='case_identity'), models.CheckConstraint(condition=models.Q(('application__in', ['draft', 'submitted', 'correction_requested', 'accepted', 'refused', 'directed_in_person', 'withdrawn', 'lapsed'])), name='case_application'), models.CheckConstraint(condition=models.Q(('posted_items__in', ['not_asked', 'awaited', 'announced', 'received', 'verified', 'replacement_requested'])), name='case_posted_items'), models.CheckConstraint(condition=models.Q(('interview__in', ['locked', 'bookable', 'booked', 'in_progress', 'held', 'second_opinion', 'approved', 'refused', 'directed_in_person'])), name='case_interview'), models.CheckConstraint(condition=models.Q(('dispatch__in', ['waiting', 'ordered', 'in_production', 'production_rejected', 'produced', 'at_post', 'dispatched', 'destroyed'])), name='case_dispatch'), models.CheckConstraint(condition=models.Q(('delivery__in', ['waiting', 'in_transit', 'out_for_delivery', 'exception', 'delivered', 'returned', 'inquiry', 'lost'])), name='case_delivery'), models.CheckConstraint(condition=models.Q(('receipt__in', ['waiting', 'awaited', 'locked_out', 'confirmed', 'void'])), name='case_receipt'), models.CheckConstraint(condition=models.Q(('old_passport__in', ['waiting', 'due', 'announced', 'handed_over', 'late', 'returned', 'kept_for_visa', 'lost_in_post'])), name='case_old_passport'), models.CheckConstraint(condition=models.Q(('title__in', ['none', 'issued', 'active', 'listed', 'held', 'invalidating', 'invalidated', 'reported', 'withdrawn'])), name='case_title'), models.CheckConstraint(condition=models.Q(('outcome__in', ['open', 'completed', 'refused', 'directed_in_person', 'withdrawn', 'lapsed', 'lost', 'invalidated'])), name='case_outcome')],
            },
        ),
        migrations.CreateModel(
            name='Deadline',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=30)),
                ('due_at', models.DateTimeField()),
                ('opened_at', models.DateTimeField()),
                ('closed_at', models.DateTimeField(null=True)),
                ('closed_by', models.CharField(blank=True, max_length=40)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deadlines', to='ledger.case')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('closed_at__isnull', True)), fields=['due_at'], name='deadline_due')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('closed_at__isnull', True)), fields=('case', 'kind'), name='one_open_deadline')],
            },
        ),
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seq', models.PositiveIntegerField()),
                ('at', models.DateTimeField()),
                ('actor_kind', models.CharField(max_length=12)),
                ('actor_id', models.CharField(max_length=90)),
                ('actor_role', models.CharField(blank=True, max_length=20)),
                ('event', models.CharField(db_index=True, max_length=40)),
                ('payload', models.BinaryField()),
                ('previous', models.CharField(max_length=64)),
                ('hash', models.CharField(max_length=64)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='ledger.case')),
            ],
            options={
                'ordering': ['seq'],
                'constraints': [models.UniqueConstraint(fields=('case', 'seq'), name='entry_place'), models.CheckConstraint(condition=models.Q(('actor_id', ''), _negated=True), name='entry_has_actor')],
            },
        ),
        migrations.CreateModel(
            name='Effect',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=30)),
                ('key', models.CharField(max_length=80, unique=True)),
                ('state', models.CharField(choices=[('pending', 'Pending'), ('done', 'Done'), ('dead', 'Dead')], default='pending', max_length=8)),
                ('due_at', models.DateTimeField()),
                ('lease_until', models.DateTimeField(null=True)),
                ('attempts', models.PositiveIntegerField(default=0)),
                ('last_error', models.CharField(blank=True, max_length=200)),
                ('created_at', models.DateTimeField()),
                ('done_at', models.DateTimeField(null=True)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='effects', to='ledger.case')),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='ledger.entry')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state', 'pending')), fields=['due_at'], name='effect_due')],
            },
        ),
        migrations.CreateModel(
            name='SearchKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(db_index=True, max_length=64)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='search_keys', to='ledger.case')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('case', 'digest'), name='one_search_key')],
            },
        ),
    ]
