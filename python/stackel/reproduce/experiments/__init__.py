"""Experiments: instances, learners, and the runs that measure them."""
