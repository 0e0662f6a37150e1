"""Reports of the price book: the market on a day, periods, one row in detail."""
