"""Ways of counting, as data, and the ledger from one to another (counting.md).

tally = Tally(analysis, find("fvcore"))     # tally.total, tally.counts["conv1"], tally.uncounted, tally.unknown
ledger(analysis, find("macs"), find("fvcore"))
"""

from .engine import Gap, LayerCount, Tally, Term
from .ledger import Entry, Ledger, NotKnown, ledger
from .names import CONVENTIONS, UnknownConvention, find
from .rules import COUNTED, FREE, UNCOUNTED, UNKNOWN, Convention, CountingRule

__all__ = [
    "CONVENTIONS",
    "COUNTED",
    "FREE",
    "UNCOUNTED",
    "UNKNOWN",
    "Convention",
    "CountingRule",
    "Entry",
    "Gap",
    "LayerCount",
    "Ledger",
    "NotKnown",
    "Tally",
    "Term",
    "UnknownConvention",
    "find",
    "ledger",
]  # fmt: skip
