"""Working time: working days and hours, terms, pauses, deadlines, and why a deadline is what it is.

Everything here is arithmetic on the input alone: no database, no settings, no clock. A calendar comes
from the mode pack (`calendar.csv`), a term from the kind of matter, pauses and extensions from the
matter's own story. `deadlines.due_at` answers with the due time and with the lines that explain it.
"""
