"""The faults, a module for each area: data only."""
