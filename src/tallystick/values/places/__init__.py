"""Places in the world: lists of them, which of a name is meant, and what words like "20 km north of" make of it."""
