"""Why coverage is necessary for computation (FMR25 Thm 2.1), and what data alone can do."""
