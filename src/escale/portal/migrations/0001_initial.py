import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('ledger', '0001_initial'),
        ('people', '0001_before_release'),
    ]

    operations = [
        migrations.CreateModel(
            name='Answered',
            fields=[
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='+', serialize=False, to='ledger.case')),
            ],
        ),
        migrations.CreateModel(
            name='Opinion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.DateField()),
                ('degree', models.PositiveSmallIntegerField(help_text='5: very well; 1: very badly.')),
                ('steps', models.CharField(blank=True, help_text='What was difficult: « 2,4 ».', max_length=16)),
                ('times', models.PositiveIntegerField(default=0)),
                ('post', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.post')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('post', 'month', 'degree', 'steps'), name='one_count_per_opinion'), models.CheckConstraint(condition=models.Q(('degree__in', (5, 4, 3, 2, 1))), name='opinion_degree'), models.CheckConstraint(condition=models.Q(('month__day', 1)), name='opinion_month')],
            },
        ),
    ]
