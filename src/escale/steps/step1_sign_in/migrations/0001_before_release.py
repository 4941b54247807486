import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    replaces = [
        ("step1_sign_in", "0001_initial"),
        ("step1_sign_in", "0002_refused_rules"),
    ]

    dependencies = [
        ('ledger', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Eligibility',
            fields=[
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='eligibility', serialize=False, to='ledger.case')),
                ('evidence', models.BinaryField()),
                ('declared', models.BinaryField()),
                ('register_facts', models.BinaryField(help_text='Sealed: dates of registration and residence on the day of matching.')),
            ],
        ),
        migrations.CreateModel(
            name='RefusedRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rule', models.CharField(max_length=10)),
                ('late', models.BooleanField()),
                ('at', models.DateTimeField()),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.case')),
            ],
            options={
                'indexes': [models.Index(fields=['at'], name='step1_sign__at_6e507a_idx')],
                'constraints': [models.UniqueConstraint(fields=('case', 'rule', 'late'), name='one_line_per_refused_rule')],
            },
        ),
    ]
