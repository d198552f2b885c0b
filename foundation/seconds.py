"""A moment as whole seconds UTC, told by the database: a datetime takes ten times as long to read.

The other direction is ``foundation.bulk.moment``.
"""

from django.db.models import BigIntegerField, Func


class Seconds(Func):
    """Seconds since 1970 of a DateTimeField, parts of a second cut off."""

    arity = 1
    output_field = BigIntegerField()

    def as_sqlite(self, compiler, connection, **context):
        # Both the template and the parameters' substitution take a percent sign away.
        moment = "CAST(strftime('%%%%s', substr(%(expressions)s, 1, 19)) AS INTEGER)"
        return self.as_sql(compiler, connection, template=moment, **context)

    def as_postgresql(self, compiler, connection, **context):
        moment = "FLOOR(EXTRACT(EPOCH FROM %(expressions)s))::bigint"
        return self.as_sql(compiler, connection, template=moment, **context)
