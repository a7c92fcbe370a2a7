"""Letters of coordinators to the heads of schools: whom they concern, what they say, how they are sent."""
