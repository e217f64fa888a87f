"""The classes of answers and events. All of them are `Model`s; only the SDK makes them, and `from_dict` for tests."""

from airudder.generated.models import *
