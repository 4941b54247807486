import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    replaces = [
        ("step5_dispatch", "0001_initial"),
        ("step5_dispatch", "0002_changes_read"),
    ]

    dependencies = [
        ('ledger', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='ChangesRead',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('only', models.BooleanField(default=True, unique=True)),
                ('cursor', models.CharField(blank=True, max_length=120)),
                ('next_at', models.DateTimeField()),
                ('read_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='PushedEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('event_id', models.CharField(max_length=120, unique=True)),
                ('received_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='ProducedTitle',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number_index', models.CharField(help_text='Keyed digest, to find it by its number.', max_length=64, unique=True)),
                ('sealed', models.BinaryField(help_text='Sealed: number and machine readable zone.')),
                ('issued_on', models.DateField()),
                ('expires_on', models.DateField()),
                ('produced_at', models.DateTimeField()),
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='produced_title', to='ledger.case')),
            ],
        ),
        migrations.CreateModel(
            name='Dispatch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('attempt', models.PositiveSmallIntegerField()),
                ('carrier', models.CharField(max_length=30)),
                ('waybill_index', models.CharField(help_text='Keyed digest: a label serves once.', max_length=64, unique=True)),
                ('sealed', models.BinaryField(help_text='Sealed: the waybill.')),
                ('dispatched_at', models.DateTimeField()),
                ('came_back_at', models.DateTimeField(null=True)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='dispatches', to='ledger.case')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('case', 'attempt'), name='one_dispatch_per_attempt')],
            },
        ),
        migrations.CreateModel(
            name='FreshLabel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('attempt', models.PositiveSmallIntegerField(help_text="The parcel this label is for; the first one had step 3's.")),
                ('reference', models.CharField(max_length=35, unique=True)),
                ('source', models.CharField(max_length=10)),
                ('carrier', models.CharField(max_length=30)),
                ('sealed', models.BinaryField(help_text='Sealed: the waybill, once known.', null=True)),
                ('document_id', models.UUIDField(null=True)),
                ('asked_at', models.DateTimeField()),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='fresh_labels', to='ledger.case')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('case', 'attempt'), name='one_fresh_label_per_attempt'), models.CheckConstraint(condition=models.Q(('source__in', ('generated', 'typed'))), name='fresh_label_source')],
            },
        ),
        migrations.CreateModel(
            name='ProductionOrder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=90, unique=True)),
                ('number', models.CharField(help_text="Issuance's own number of the order.", max_length=60)),
                ('state', models.CharField(default='open', max_length=10)),
                ('code', models.CharField(blank=True, max_length=40)),
                ('ordered_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('next_poll_at', models.DateTimeField()),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='production_orders', to='ledger.case')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state', 'open')), fields=['next_poll_at'], name='production_order_due')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('case',), name='one_open_order_per_case'), models.CheckConstraint(condition=models.Q(('state__in', ('open', 'rejected', 'made'))), name='production_order_state')],
            },
        ),
    ]
