"""Runs a driver beside its compiled job: see __main__."""
