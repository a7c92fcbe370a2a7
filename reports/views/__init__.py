"""Pages of places, ratings and indicators: access → read → show."""
