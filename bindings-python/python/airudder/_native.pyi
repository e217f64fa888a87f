from asyncio import Future
from collections.abc import Callable, Mapping
from os import PathLike
from typing import Any, Final, NoReturn, Self, TypeAlias, final

from typing_extensions import disjoint_base

from airudder._events import Headers, Pairs
from airudder.generated.models import *
from airudder.generated.types import File
from airudder.results import DownloadProgress, Event, Reply

__version__: str

_Options: TypeAlias = tuple[
    float | None, int | None, Mapping[str, object] | None, Mapping[str, object] | None, Mapping[str, str] | None
]

@disjoint_base
class Model:
    """The base of every answer and event of AI Rudder.

    It cannot be changed. It can be compared, hashed, copied and pickled, and its `repr` shows neither secrets nor
    people's data.
    """

    @property
    def extra(self) -> dict[str, Any]:
        """Fields that this version does not know, and values that do not fit their field, by AI Rudder's names."""

    def to_dict(self) -> dict[str, Any]:
        """The same as a dictionary that JSON can write.

        Absent fields are left out, fields that this version does not know stand under `extra`.
        """

    @classmethod
    def from_dict(cls, fields: dict[str, Any]) -> Self:
        """An object as AI Rudder would have sent it, from what `to_dict` gives: for tests of your own code."""

    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __copy__(self) -> Self: ...
    def __deepcopy__(self, memo: object, /) -> Self: ...

@final
class Client:
    def __new__(cls, settings: dict[str, object]) -> Self: ...
    def call(self, operation: str, arguments: dict[str, object], options: _Options) -> Pending: ...
    def upload(self, operation: str, arguments: dict[str, object], file: File, options: _Options) -> Pending: ...
    def pager(self, operation: str, arguments: dict[str, object], options: _Options) -> Pager: ...
    def download_file(
        self,
        operation: str,
        arguments: dict[str, object],
        path: str | PathLike[str],
        options: _Options,
        on_progress: Callable[[DownloadProgress], object] | None,
    ) -> Pending: ...
    def download_folder(
        self,
        operation: str,
        arguments: dict[str, object],
        folder: str | PathLike[str],
        options: _Options,
        on_progress: Callable[[DownloadProgress], object] | None,
    ) -> Pending: ...
    def raw(self, request: dict[str, object], options: _Options) -> Pending: ...
    def unwrap(self, body: bytes, headers: Headers | Pairs, kind: str | None) -> Event: ...
    def not_raw(self, what: str) -> NoReturn: ...
    def sample(self, kind: str) -> bytes: ...
    def sign(self, body: bytes) -> list[tuple[str, str]]: ...
    def encrypt(self, body: bytes) -> tuple[bytes, list[tuple[str, str]]]: ...
    def close(self) -> None: ...

@final
class Pager:
    def next(self) -> Pending: ...

@final
class Pending:
    def wait(self) -> Any: ...  # noqa: ANN401 - every operation has its own answer
    def start(self, queue: Queue, future: Future[Any]) -> None: ...
    def interruption(self) -> str | None: ...
    def cancel(self) -> None: ...

@final
class Receiver:
    BODY_TIMEOUT: Final[float]
    def __new__(cls, client: Client, store: object) -> Self: ...
    def take(self, body: bytes, headers: list[tuple[str, str]], kind: str | None) -> Pending: ...
    def not_raw(self, what: str) -> Reply: ...
    def enough_bytes(self) -> int: ...

@final
class Delivery:
    @property
    def event(self) -> Event: ...
    def redacted(self, text: str) -> str | None: ...
    def settle(self, settled: str) -> Pending: ...
    def release(self) -> None: ...

@final
class MemoryStore:
    """Remembers handled events in the memory of this process, at most 100,000 of them: the oldest go first.

    After a restart, and in another process, nothing is known: where that matters take `SqliteStore`, or a store of your
    own.
    """

    def __new__(cls, keep: float | None = None) -> Self:
        """Keep what was handled for `keep` seconds, a day by default.

        AI Rudder's last copy of an event comes about 5 minutes after the first.
        """

@final
class SqliteStore:
    """Remembers handled events in a SQLite file. It outlives a restart, and processes of one machine can share it.

    Give all of them the same path, on a disk of that machine. A forked child opens the file anew.
    """

    def __new__(cls, path: str | PathLike[str], keep: float | None = None) -> Self:
        """Open the file, and make it when there is none.

        Args:
            path: Where it is.
            keep: How long to keep what was handled, in seconds, a day by default; the last copy comes about 5 minutes
                after the first.

        Raises:
            FileError: The file cannot be opened.
        """

@final
class Queue:
    def __new__(cls, wake: Callable[[], None] | None = None) -> Self: ...
    def fileno(self) -> int: ...
    def take(self) -> list[tuple[Future[Any], Any, BaseException | None]]: ...

def kind_of_path(path: str) -> str | None: ...
def operations() -> list[dict[str, Any]]: ...
def event_kinds() -> list[tuple[str, str, list[str], str, str]]: ...
def _from_dict(class_: type[Model], fields: dict[str, Any], /) -> Model: ...
def _error_codes() -> list[str]: ...
def _raise_sample(code: str) -> None: ...
def _panicking_call() -> Pending: ...
