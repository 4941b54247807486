import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('ledger', '0001_initial'),
        ('step5_dispatch', '0001_before_release'),
    ]

    operations = [
        migrations.CreateModel(
            name='Parcel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('direction', models.CharField(max_length=8)),
                ('carrier', models.CharField(max_length=30)),
                ('waybill_index', models.CharField(db_index=True, max_length=64)),
                ('sealed', models.BinaryField(help_text='Sealed: the waybill.')),
                ('started_at', models.DateTimeField()),
                ('last_sign_at', models.DateTimeField(help_text='The last scan, or the start when there is none.')),
                ('accepted_at', models.DateTimeField(help_text="The carrier's acceptance scan.", null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('tracked', models.BooleanField(default=True)),
                ('next_poll_at', models.DateTimeField(null=True)),
                ('polled_at', models.DateTimeField(null=True)),
                ('polled_on', models.DateField(null=True)),
                ('readings', models.PositiveSmallIntegerField(default=0)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='parcels', to='ledger.case')),
                ('dispatch', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='parcel', to='step5_dispatch.dispatch')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('next_poll_at__isnull', False)), fields=['next_poll_at'], name='parcel_poll_due'), models.Index(condition=models.Q(('direction', 'outbound'), ('ended_at__isnull', True)), fields=['last_sign_at'], name='parcel_silent')],
                'constraints': [models.CheckConstraint(condition=models.Q(('direction__in', ('outbound', 'return'))), name='parcel_direction'), models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('case', 'direction'), name='one_parcel_under_way'), models.UniqueConstraint(fields=('waybill_index', 'direction'), name='one_parcel_per_waybill')],
            },
        ),
        migrations.CreateModel(
            name='ParcelScan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('kind', models.CharField(max_length=20)),
                ('raw', models.CharField(max_length=12)),
                ('sealed', models.BinaryField(help_text='Sealed: description, place, who signed.')),
                ('learnt_at', models.DateTimeField()),
                ('parcel', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='scans', to='step6_delivery.parcel')),
            ],
            options={
                'ordering': ['at', 'id'],
                'constraints': [models.UniqueConstraint(fields=('parcel', 'at', 'raw'), name='one_line_per_scan')],
            },
        ),
    ]
