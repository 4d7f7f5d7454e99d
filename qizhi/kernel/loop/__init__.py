"""The loop: matters, kinds, transitions, steps, clocks, escalation, assignments, evidence."""
