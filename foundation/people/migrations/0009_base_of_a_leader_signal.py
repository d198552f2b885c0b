from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0008_buckets_of_identities'),
    ]

    operations = [
        migrations.AddField(
            model_name='leadersignal',
            name='base',
            field=models.FloatField(null=True, verbose_name='log odds without the reasons'),
        ),
    ]
