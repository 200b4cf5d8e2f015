"""The audit trail: what happened, who did it, from where. Rows are only ever added."""

from typing import Any, NoReturn, Self

from mongoengine import (
    DateTimeField,
    DictField,
    Document,
    ListField,
    QuerySet,
    StringField,
)

from dashboard.documents.connection import now


class Added(QuerySet):
    """Events, to be read; there is no way to change or delete them."""

    def _refuse(self, *_arguments: Any, **_options: Any) -> NoReturn:
        raise PermissionError("An audit event is never changed or deleted.")

    update = update_one = upsert_one = modify = delete = _refuse


class AuditLog(Document):
    """One event. There is no way to change or delete one."""

    event_type = StringField(required=True)  # "analysis", "session", "account", ...
    action = StringField(required=True)  # "analysis:submit"
    user_id = StringField(default="")
    actor = StringField(default="")  # the user name at that time, or what acted
    description = StringField(default="")
    object_type = StringField(default="")
    object_id = StringField(default="")
    ip_address = StringField(default="")
    user_agent = StringField(default="")
    request_id = StringField(default="")
    metadata = DictField()
    timestamp = DateTimeField(required=True, default=now)
    facets = ListField(StringField())  # what lists ask for

    meta = {
        "collection": "audit_logs",
        "queryset_class": Added,
        "auto_create_index": False,
        "indexes": [
            ("timestamp", "id"),
            ("facets", "timestamp", "id"),
        ],
    }

    def save(self, *arguments: Any, **options: Any) -> Self:
        if not self._created:
            raise PermissionError("An audit event is never changed.")
        saved: Self = super().save(*arguments, **options)
        return saved

    def update(self, **_changes: Any) -> NoReturn:
        raise PermissionError("An audit event is never changed.")

    def delete(self, **_options: Any) -> NoReturn:
        raise PermissionError("An audit event is never deleted.")
