"""The list of customers: search, filters, many at once, adding and changing one."""
