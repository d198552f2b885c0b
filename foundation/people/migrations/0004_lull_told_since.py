import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0003_settled_identities_and_looks_by_project'),
    ]

    operations = [
        migrations.AddField(
            model_name='lull',
            name='told_since',
            field=models.DateTimeField(default=django.utils.timezone.now, verbose_name='told since'),
            preserve_default=False,
        ),
    ]
