"""The search for the worst instance of an inequality: how close its two sides come, and where.

A claim says that one number is at most another.  The search looks for the instance where their ratio is largest: it
goes from a start, of the catalog or drawn, from one instance to a worse one, a coordinate at a time, in rational
numbers, and writes the worst it met with the smallest fractions that keep the ratio.  Whatever it reports was decided
by the claim's own function; enclosures only tell it where to go.
"""
