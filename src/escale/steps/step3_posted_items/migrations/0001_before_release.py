import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    replaces = [
        ("step3_posted_items", "0001_initial"),
        ("step3_posted_items", "0002_printcheck"),
        ("step3_posted_items", "0003_printasked"),
    ]

    dependencies = [
        ('ledger', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Posting',
            fields=[
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='+', serialize=False, to='ledger.case')),
                ('carrier', models.CharField(default='dhl', max_length=30)),
                ('label_round', models.PositiveSmallIntegerField(default=1)),
                ('label_source', models.CharField(blank=True, choices=[('', '–'), ('generated', 'generated'), ('imported', 'imported'), ('typed', 'typed')], default='', max_length=10)),
                ('label_waybill', models.BinaryField(null=True)),
                ('label_waybill_index', models.CharField(blank=True, default='', max_length=64)),
                ('label_document_id', models.UUIDField(null=True)),
                ('label_findings', models.JSONField(default=list, help_text='[[check, verdict, why], …]: codes alone.')),
                ('label_made_at', models.DateTimeField(null=True)),
                ('label_poll_at', models.DateTimeField(null=True)),
                ('outbound_carrier', models.CharField(blank=True, default='', max_length=30)),
                ('outbound_waybill', models.BinaryField(null=True)),
                ('outbound_waybill_index', models.CharField(blank=True, db_index=True, default='', max_length=64)),
                ('announced_at', models.DateTimeField(null=True)),
                ('received_at', models.DateTimeField(null=True)),
                ('received_by', models.CharField(blank=True, default='', max_length=90)),
                ('label_scanned_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('label_poll_at__isnull', False)), fields=['label_poll_at'], name='label_poll_due'), models.Index(fields=['received_at'], name='posting_received')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('label_waybill_index', ''), _negated=True), fields=('label_waybill_index',), name='one_case_per_label'), models.CheckConstraint(condition=models.Q(('label_source__in', ['', 'generated', 'imported', 'typed'])), name='posting_label_source')],
            },
        ),
        migrations.CreateModel(
            name='Custody',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('item', models.CharField(max_length=14)),
                ('holder', models.CharField(max_length=12)),
                ('since', models.DateTimeField()),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.case')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('case', 'item'), name='one_holder_per_object'), models.CheckConstraint(condition=models.Q(('item__in', ('photo', 'label', 'new_passport', 'old_passport'))), name='custody_item'), models.CheckConstraint(condition=models.Q(('holder__in', ('applicant', 'courier', 'post', 'producer', 'destroyed'))), name='custody_holder')],
            },
        ),
        migrations.CreateModel(
            name='GateCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('by', models.CharField(max_length=90)),
                ('verdict', models.CharField(max_length=12)),
                ('ticked', models.JSONField(default=list)),
                ('reasons', models.JSONField(default=dict, help_text='object → code of the reason')),
                ('words', models.BinaryField(null=True)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.case')),
            ],
            options={
                'indexes': [models.Index(fields=['case', '-at'], name='step3_poste_case_id_a82fee_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(('verdict__in', ('verified', 'replacement'))), name='gate_check_verdict')],
            },
        ),
        migrations.CreateModel(
            name='LabelIntent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('round', models.PositiveSmallIntegerField()),
                ('reference', models.CharField(max_length=35, unique=True)),
                ('created_at', models.DateTimeField()),
                ('done_at', models.DateTimeField(null=True)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.case')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('case', 'round'), name='one_label_per_round')],
            },
        ),
        migrations.CreateModel(
            name='PrintAsked',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at_desk', models.BooleanField()),
                ('document_id', models.UUIDField()),
                ('line_mm', models.FloatField()),
                ('due_at', models.DateTimeField(db_index=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('share', models.PositiveSmallIntegerField(default=0)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.case')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('case', 'at_desk'), name='one_print_asked_each')],
            },
        ),
        migrations.CreateModel(
            name='PrintCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at_desk', models.BooleanField()),
                ('at', models.DateTimeField()),
                ('findings', models.BinaryField()),
                ('document_id', models.UUIDField(null=True)),
                ('drawn_fr', models.UUIDField(null=True)),
                ('drawn_en', models.UUIDField(null=True)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.case')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('case', 'at_desk'), name='one_print_check_each')],
            },
        ),
    ]
