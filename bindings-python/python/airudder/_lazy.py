"""What is made when it is first asked for, for importing modules takes most of a short program's time."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


class cached_property(property):  # noqa: N801 - it stands in for that of functools, which takes as long to import as this package
    """An attribute that a method makes, once for each object. It can be set, and made anew after it was deleted."""

    def __init__(self, make: Callable[[Any], object]) -> None:
        super().__init__(make)
        self._make = make
        self._name = make.__name__

    def __get__(self, owner: object | None, _class: type | None = None) -> Any:  # noqa: ANN401 - each has its own type
        if owner is None:
            return self
        made = owner.__dict__.get(self._name)
        if made is None:
            made = owner.__dict__[self._name] = self._make(owner)
        return made

    def __set__(self, owner: object, value: object) -> None:
        owner.__dict__[self._name] = value

    def __delete__(self, owner: object) -> None:
        owner.__dict__.pop(self._name, None)
