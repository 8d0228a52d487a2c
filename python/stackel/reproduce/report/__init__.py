"""The report: files, page, figures."""
