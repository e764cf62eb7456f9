"""The kinds of arrays that kernels take, by short names."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Sides = NDArray[np.int8]
"""+1 long, -1 short, 0 none."""
