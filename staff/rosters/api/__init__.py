"""REST of classes, pupils, representatives and of rows that are gone."""
