from asyncio import Future
from collections.abc import Callable, Mapping
from os import PathLike
from typing import Any, Self, TypeAlias, final

from typing_extensions import disjoint_base

from airudder.generated.models import *
from airudder.generated.types import File
from airudder.results import Event

__version__: str

_Options: TypeAlias = tuple[
    float | None, int | None, Mapping[str, object] | None, Mapping[str, object] | None, Mapping[str, str] | None
]

@disjoint_base
class Model:
    """What every answer and event of AI Rudder can do.

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
        self, operation: str, arguments: dict[str, object], path: str | PathLike[str], options: _Options
    ) -> Pending: ...
    def download_folder(
        self, operation: str, arguments: dict[str, object], folder: str | PathLike[str], options: _Options
    ) -> Pending: ...
    def raw(self, request: dict[str, object], options: _Options) -> Pending: ...
    def unwrap(self, body: bytes, headers: list[tuple[str, str]], kind: str | None) -> Event: ...
    def close(self) -> None: ...

@final
class Pager:
    def next(self) -> Pending: ...

@final
class Pending:
    def wait(self) -> Any: ...  # noqa: ANN401 - every operation has its own answer
    def start(self, queue: Queue, future: Future[Any]) -> None: ...
    def cancel(self) -> None: ...

@final
class Queue:
    def __new__(cls, wake: Callable[[], None] | None = None) -> Self: ...
    def fileno(self) -> int: ...
    def take(self) -> list[tuple[Future[Any], Any, BaseException | None]]: ...

def operations() -> list[dict[str, Any]]: ...
def event_kinds() -> list[tuple[str, str, list[str], str, str]]: ...
def _error_codes() -> list[str]: ...
def _raise_sample(code: str) -> None: ...
def _panicking_call() -> Pending: ...
