"""REST of indicators, weeks, ratings and activity."""
