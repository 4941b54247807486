import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('step2_application', '0001_initial'), ('step2_application', '0002_one_document_per_kind'), ('step2_application', '0003_checks_and_opinions'), ('step2_application', '0004_words_in_english')]

    initial = True

    dependencies = [
        ('ledger', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Application',
            fields=[
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='application_form', serialize=False, to='ledger.case')),
                ('answers', models.BinaryField()),
                ('revision', models.PositiveIntegerField(default=0)),
                ('changed_at', models.DateTimeField()),
                ('submitted_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Document',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=40)),
                ('size', models.PositiveIntegerField()),
                ('findings', models.BinaryField()),
                ('added_at', models.DateTimeField()),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='application_documents', to='ledger.case')),
            ],
            options={
                'ordering': ['added_at', 'id'],
                'indexes': [models.Index(fields=['case', 'kind'], name='step2_appli_case_id_aa50c2_idx')],
                'constraints': [models.UniqueConstraint(fields=('case', 'kind'), name='one_document_per_kind')],
            },
        ),
        migrations.CreateModel(
            name='Ruling',
            fields=[
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='ruling', serialize=False, to='ledger.case')),
                ('kind', models.CharField(max_length=20)),
                ('rule', models.CharField(max_length=10)),
                ('reasons', models.BinaryField()),
                ('reasons_en', models.BinaryField(null=True)),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Contest',
            fields=[
                ('document', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='contest', serialize=False, to='step2_application.document')),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Correction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('item', models.CharField(max_length=40)),
                ('words', models.BinaryField()),
                ('words_en', models.BinaryField(null=True)),
                ('asked_at', models.DateTimeField()),
                ('answered_at', models.DateTimeField(null=True)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='ledger.case')),
            ],
            options={
                'ordering': ['asked_at', 'id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('answered_at__isnull', True)), fields=('case', 'item'), name='one_open_correction_per_item')],
            },
        ),
        migrations.CreateModel(
            name='Opinion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('document_id', models.UUIDField(unique=True)),
                ('kind', models.CharField(max_length=40)),
                ('machine', models.CharField(max_length=15)),
                ('accepted', models.BooleanField()),
                ('contested', models.BooleanField(default=False)),
                ('reasons', models.BinaryField(null=True)),
                ('at', models.DateTimeField()),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='opinions', to='ledger.case')),
            ],
        ),
        migrations.CreateModel(
            name='Original',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('upload', models.UUIDField()),
                ('vault_id', models.UUIDField()),
                ('added_at', models.DateTimeField()),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='originals', to='step2_application.document')),
            ],
        ),
        migrations.CreateModel(
            name='Page',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('vault_id', models.UUIDField()),
                ('upload', models.UUIDField(null=True)),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pages', to='step2_application.document')),
            ],
            options={
                'ordering': ['number'],
                'constraints': [models.UniqueConstraint(fields=('document', 'number'), name='application_page_place')],
            },
        ),
        migrations.CreateModel(
            name='Payment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(max_length=30, unique=True)),
                ('operation_id', models.CharField(blank=True, db_index=True, max_length=80)),
                ('page_url', models.CharField(blank=True, max_length=300)),
                ('cents', models.PositiveIntegerField()),
                ('state', models.CharField(choices=[('intent', 'Intent'), ('pending', 'Pending'), ('paid', 'Paid'), ('refused', 'Refused'), ('cancelled', 'Cancelled'), ('expired', 'Expired'), ('abandoned', 'Abandoned')], default='intent', max_length=10)),
                ('raw', models.CharField(blank=True, max_length=20)),
                ('opened_at', models.DateTimeField()),
                ('next_check_at', models.DateTimeField(null=True)),
                ('settled_at', models.DateTimeField(null=True)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payments', to='ledger.case')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state__in', ('intent', 'pending', 'abandoned'))), fields=['next_check_at'], name='payment_to_check')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ('intent', 'pending'))), fields=('case',), name='one_unsettled_payment_per_case')],
            },
        ),
        migrations.CreateModel(
            name='Stamp',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.BinaryField(help_text='Sealed: a bearer value.')),
                ('number_key', models.CharField(help_text='Keyed digest, so that one stamp serves one case.', max_length=64)),
                ('cents', models.PositiveIntegerField()),
                ('bought_on', models.DateField()),
                ('valid_until', models.DateField()),
                ('bought_here', models.BooleanField(default=False)),
                ('state', models.CharField(choices=[('chosen', 'Chosen'), ('reserving', 'Reserving'), ('reserved', 'Reserved'), ('consumed', 'Consumed'), ('releasing', 'Releasing'), ('released', 'Released'), ('spare', 'Spare')], default='chosen', max_length=12)),
                ('receipt', models.BinaryField(help_text='Sealed: number of the receipt, once consumed.', null=True)),
                ('chosen_at', models.DateTimeField()),
                ('next_try_at', models.DateTimeField(null=True)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stamps', to='ledger.case')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ('chosen', 'reserving', 'reserved', 'consumed'))), fields=('case',), name='one_stamp_in_use_per_case'), models.UniqueConstraint(condition=models.Q(('state__in', ('chosen', 'reserving', 'reserved', 'consumed'))), fields=('number_key',), name='one_case_per_stamp')],
            },
        ),
        migrations.CreateModel(
            name='Check',
            fields=[
                ('document', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='reading', serialize=False, to='step2_application.document')),
                ('revision', models.PositiveIntegerField(default=1)),
                ('state', models.CharField(choices=[('pending', 'Pending'), ('running', 'Running'), ('done', 'Done'), ('failed', 'Failed')], default='pending', max_length=10)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('source_quality', models.PositiveSmallIntegerField(help_text='JPEG quality of the file received.', null=True)),
                ('framed', models.BooleanField(default=False, help_text='A photo already in the shape of 35 × 45 mm.')),
                ('asked_at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('done_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state__in', ('pending', 'running'))), fields=['due_at'], name='check_to_do')],
            },
        ),
    ]
