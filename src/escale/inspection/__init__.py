"""Inspection: bytes in, findings out.

Identity photo, machine readable zone, proof of address, carrier's label and safe uploads. Nothing here knows the
web framework, the database or the clock; nothing here opens a network connection, save the malware scanner's own
socket when one is configured. Bytes that come from outside are only ever parsed in a confined child process.
"""
