"""Reconciling our register of schools with an official list («сверка реестра ОО»): match, decide by row, apply."""
