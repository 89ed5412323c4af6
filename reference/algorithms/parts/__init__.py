"""What the listings share: covers, fits and the optimisers behind them, checked inputs, and what is returned."""
