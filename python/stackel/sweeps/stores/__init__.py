"""Where a sweep keeps its numbers: a directory of Parquet files, or memory."""
