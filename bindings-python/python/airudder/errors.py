"""The exceptions of this package."""

from airudder.generated import errors as _generated
from airudder.generated.errors import *

# The generated text draws the tree.
__doc__ = _generated.__doc__

for _name in _generated.__all__:
    # Tracebacks and pickles name the module that users import.
    getattr(_generated, _name).__module__ = __name__
