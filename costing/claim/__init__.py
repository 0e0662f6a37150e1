"""The claim of 25 million tokens a day: reconstruction, drivers, sensitivity, map, payback, history."""
