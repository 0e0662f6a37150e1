"""The claim of 25 million tokens a day: its sides, drivers, map, investment, and how it aged."""
