"""Strong lottery tickets: subnetworks of random networks that solve a task although no weight was ever trained.

`TicketClassifier` searches for one, `EdgePopupClassifier` finds one by gradient descent on scores; both are scikit-learn
estimators. `Ticket` is what they find: a seed and a mask. `datasets` has the data sets of the paper, `optimize` the searches for
objectives of one's own.
"""

from . import datasets, optimize
from ._estimators import EdgePopupClassifier, TicketClassifier
from ._slt import Ticket, __version__

__all__ = ["EdgePopupClassifier", "Ticket", "TicketClassifier", "__version__", "datasets", "optimize"]
