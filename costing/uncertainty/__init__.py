"""How sure a comparison is: many draws, maps of two inputs, goal-seek, and the ranges behind them."""
