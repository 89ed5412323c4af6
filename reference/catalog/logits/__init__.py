"""Rows of logits in other people's files, as instances: arrays of numpy, tensors of safetensors, records of engines.

A float is the dyadic rational that it is: an instance file holds its logits in hexadecimal.  No pickle is ever loaded,
and nothing is read beyond what a checked header says; what is wrong is one line.
"""

from reference.catalog.logits.cells import TYPES, Wanted
from reference.catalog.logits.imported import Imported, LogitsImport, imported_logits
from reference.catalog.logits.rewarded import RewardChoice

__all__ = ["TYPES", "Imported", "LogitsImport", "RewardChoice", "Wanted", "imported_logits"]
