"""Tokens that may begin, issue and cancel orders and mark who has read them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """The flag."""

    dependencies = [("schools", "0010_documents_outlive_uploads")]
    operations = [
        migrations.AddField(
            model_name="accesstoken",
            name="writes_orders",
            field=models.BooleanField(default=False, verbose_name="ведёт приказы"),
        ),
    ]
