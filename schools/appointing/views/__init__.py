"""Pages of appointing: the list, the form, the card, the spreadsheet, and the page behind an invitation's link."""
