"""The forms in which texts tell times, sort by sort; ``values.when`` reads them."""
