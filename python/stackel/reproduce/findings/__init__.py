"""Findings: what the numbers of an experiment say about a claim."""
