import django.db.models.deletion
import escale.people.models
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('people', '0001_initial'), ('people', '0002_rights_and_words'), ('people', '0003_languages_and_regions')]

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Post',
            fields=[
                ('code', models.CharField(max_length=30, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=120)),
                ('country', models.CharField(max_length=2)),
                ('region', models.CharField(blank=True, default='', help_text='ISO 3166-2, for local holidays: ON.', max_length=3)),
                ('city', models.CharField(max_length=80)),
                ('tz', models.CharField(max_length=60)),
                ('address', models.JSONField(default=list, help_text='Lines of the postal address, the country last.')),
                ('postal', models.JSONField(default=dict, help_text='line1, line2, postcode, city, country for labels.')),
                ('email', models.EmailField(blank=True, max_length=254)),
                ('phone', models.CharField(blank=True, max_length=40)),
                ('website', models.URLField(blank=True)),
                ('competent', models.BooleanField(default=True)),
                ('carrier', models.CharField(default='dhl', max_length=30)),
                ('posting_asked_at', models.CharField(default='acceptance', max_length=12)),
                ('opening_hours', models.JSONField(default=dict, help_text='{"0": [["09:00", "12:00"]]}, Monday is 0.')),
                ('words', models.JSONField(default=dict, help_text='{"welcome": {"fr": "…", "en": "…"}}: said to applicants.')),
                ('designated', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='people.post')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('posting_asked_at__in', ('submission', 'acceptance'))), name='post_posting_asked_at')],
            },
        ),
        migrations.CreateModel(
            name='Agent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('idp_id', models.CharField(max_length=60)),
                ('sub', models.CharField(max_length=200)),
                ('email', models.EmailField(max_length=254)),
                ('given_name', models.CharField(max_length=80)),
                ('usual_name', models.CharField(max_length=80)),
                ('role', models.CharField(blank=True, choices=[('agent', 'Agent'), ('supervisor', 'Supervisor'), ('auditor', 'Auditor'), ('support', 'Support'), ('administrator', 'Administrator')], max_length=20)),
                ('active', models.BooleanField(default=True)),
                ('role_until', models.DateField(blank=True, help_text='The last day of the right, where the post is.', null=True)),
                ('languages', models.JSONField(default=escale.people.models.french_alone, help_text='Codes of LANGUAGES in which they hold interviews.')),
                ('post', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='people.post')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('idp_id', 'sub'), name='agent_identity')],
            },
        ),
        migrations.CreateModel(
            name='PostChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('field', models.CharField(max_length=30)),
                ('before', models.JSONField(null=True)),
                ('after', models.JSONField(null=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.agent')),
                ('post', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.post')),
            ],
            options={
                'indexes': [models.Index(fields=['post', '-at'], name='people_post_post_id_8b25c7_idx')],
            },
        ),
        migrations.CreateModel(
            name='RightsChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('role', models.CharField(blank=True, choices=[('agent', 'Agent'), ('supervisor', 'Supervisor'), ('auditor', 'Auditor'), ('support', 'Support'), ('administrator', 'Administrator')], max_length=20)),
                ('active', models.BooleanField()),
                ('until', models.DateField(null=True)),
                ('agent', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rights_changes', to='people.agent')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.agent')),
                ('post', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.post')),
            ],
            options={
                'indexes': [models.Index(fields=['agent', '-at'], name='people_righ_agent_i_c954ae_idx')],
            },
        ),
    ]
