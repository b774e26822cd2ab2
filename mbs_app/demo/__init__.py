"""A made-up business to look around in: Lakeline Plaza, a shopping street with a dentist and a night market.

Nobody in it exists. Every number is in the exchange 555, from which carriers assign no lines, and every
email address is under example.com, which is reserved (RFC 2606).
"""
