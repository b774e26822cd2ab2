"""Getting from a clone to a running product.

``console``, ``paths``, ``stamp`` and ``environment`` run before the virtual environment exists and use the
standard library only; the rest runs inside it.
"""
