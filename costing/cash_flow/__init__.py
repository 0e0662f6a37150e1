"""Cash flow: payments by month, events, and crossings of cumulative cost."""
