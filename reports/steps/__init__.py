"""The nine steps, proved by data: facts of every school, states, the count that stores them, and marks by hand."""
