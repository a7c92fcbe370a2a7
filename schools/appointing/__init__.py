"""Appointing coordinators and school administrators: invitations, terms, hand-overs, vacancies, spreadsheets."""
