"""The months of a horizon: traffic, prices that move, machines bought in lots, what retires."""
