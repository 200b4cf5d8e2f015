"""Everything on one machine: database, worker, beat and web under one supervisor."""

from dashboard.standalone.database import running_database

__all__ = ["running_database"]
