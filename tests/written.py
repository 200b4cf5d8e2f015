"""Which collections were written to; to empty all costs more than most tests do."""

from collections.abc import Iterable

# Commands that leave rows as they are, and say so in every version of the protocol.
READING = {
    *("aggregate", "count", "distinct", "find", "getMore", "killCursors"),
    *("hello", "ping", "listCollections", "listIndexes", "explain", "serverStatus"),
    *("commitTransaction", "abortTransaction", "endSessions", "killSessions"),
    *("create", "createIndexes", "dropIndexes"),
}
WRITING = {"insert", "update", "delete", "findAndModify"}


class Written:
    """Told every command of this process; what it does not know may write anywhere."""

    def __init__(self, names: Iterable[str]) -> None:
        self.every = frozenset(names)
        self.names: set[str] = set()

    def __call__(self, command: str, collection: str) -> None:
        if command in WRITING:
            self.names.add(collection)
        elif command not in READING:
            self.names |= self.every

    def by_others(self) -> None:
        """Another process works on the database as well."""
        self.names |= self.every

    def taken(self) -> list[str]:
        """The collections that may hold rows, known to nobody from now on."""
        names, self.names = self.names & self.every, set()
        return sorted(names)

    def forget(self) -> None:
        """Nothing is known to hold rows any more."""
        self.names.clear()
