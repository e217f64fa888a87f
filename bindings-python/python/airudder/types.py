"""The dictionaries that calls take, for type checkers. At run time any mapping with these keys will do."""

from airudder.generated.types import *
