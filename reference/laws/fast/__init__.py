"""The same answers quicker.  Each function names the definition that it must equal (:mod:`reference.exact.plain`)."""
