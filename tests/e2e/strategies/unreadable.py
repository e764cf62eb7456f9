"""A file that fails while it is read, with words that would do harm."""

raise RuntimeError("refuses <img src=x onerror=\"window.harmed='unreadable'\">\x1b[2J\u202e and ends")
