"""Ways of counting, as data, and the ledger from one to another (counting.md).

tally = Tally(analysis, find("fvcore"))     # tally.total, tally.counts["conv1"], tally.uncounted, tally.unknown
ledger(analysis, find("macs"), find("fvcore"))
"""

from .engine import Gap, LayerCount, Tally, Term
from .ledger import Entry, Ledger, NotKnown, ledger
from .names import CONVENTIONS, UnknownConvention, find
from .rules import COUNTED, FREE, UNCOUNTED, UNKNOWN, Convention, Rule

__all__ = [
    "CONVENTIONS", "COUNTED", "FREE", "UNCOUNTED", "UNKNOWN", "Convention", "Entry", "Gap", "LayerCount", "Ledger",
    "NotKnown", "Rule", "Tally", "Term", "UnknownConvention", "find", "ledger",
]  # fmt: skip
