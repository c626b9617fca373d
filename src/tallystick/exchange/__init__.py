"""HOW DO WE HAND IT ON? The record in the forms that other programs read; one module a form."""
