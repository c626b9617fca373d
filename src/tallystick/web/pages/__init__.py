"""The pages of the desk: each module has its handlers, and its rows of the table as ``ROWS``."""
