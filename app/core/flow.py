"""An answer that arrives bit by bit, and that another thread may cut short."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    from app.core.endpoint import Connection

T = TypeVar("T")


class Flow(Generic[T]):
    """The items of a long answer, in the order in which they come. Ends its connection when it ends."""

    def __init__(self, connection: Connection, items: Iterator[T]) -> None:
        self._connection = connection
        self._items = items
        self._closed = False

    def __iter__(self) -> Iterator[T]:
        try:
            yield from self._items
        finally:
            self.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def abort(self) -> None:
        """End the answer from another thread: whoever iterates gets an UnavailableError or the end."""
        if not self._closed:
            self._connection.abort()

    def close(self) -> None:
        """End the connection."""
        if not self._closed:
            self._closed = True
            self._connection.close()
