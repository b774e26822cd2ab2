"""Pure rules of the product: no input or output, only the standard library and ``phonenumbers``."""
