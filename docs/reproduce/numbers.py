"""The numbers that stand in sentences of the pages, each with what computes it.

What stands in tables and figures is made by the cells of its page.  A quotation is text of a page, word for word, with
``«»`` about each number.  Its function returns these numbers as the page writes them.
"""

from typing import Final

from reproduce.in_guides import IN_GUIDES
from reproduce.in_theory import IN_THEORY

QUOTATIONS: Final = (*IN_GUIDES, *IN_THEORY)
