"""Parts of a person's name, whoever it is: who answers for a place, staff, pupils, their representatives."""
