"""REST of orders: their texts, the orders with their files, and who has read them."""
