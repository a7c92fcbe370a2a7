"""What the numbers say: weeks, counts, indicators, ratings."""
