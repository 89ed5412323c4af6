"""Sweeps: claims on many instances, each of which its seed and its number alone decide, on any executor.

``choosing`` and ``strategies`` make instances, ``deciding`` decides claims on them, ``crew`` and ``child`` do so in
processes that may be ended, ``engines`` hands stretches of instances to a machine or a cluster, ``sweep_file`` keeps
what was found, ``sweeping`` runs it all, ``totals`` adds up, ``smallest`` makes a counterexample small.
"""
