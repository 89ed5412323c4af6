"""The questions of the vectors and the runs of the scripts: data that somebody chose, and how they are made exact."""
