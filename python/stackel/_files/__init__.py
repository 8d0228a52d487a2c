"""Files: written completely or not at all, read without trust."""
