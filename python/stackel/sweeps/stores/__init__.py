"""Stores of the results of a sweep: a directory of Parquet files, or memory."""
