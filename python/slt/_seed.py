"""Seeds."""

from __future__ import annotations

from numbers import Integral
from typing import Any

import numpy as np
from sklearn.utils import check_random_state


def seed_of(random_state: Any) -> int:
    """The seed of a `random_state`: a whole number is one, from anything else one is drawn as scikit-learn does."""
    if isinstance(random_state, Integral) and not isinstance(random_state, (bool, np.bool_)):
        if not 0 <= random_state < 2**64:
            raise ValueError(f"random_state is {random_state}: it must be from 0 to 2**64 - 1")
        return int(random_state)
    return int(check_random_state(random_state).randint(0, 2**31 - 1))
