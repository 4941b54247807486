"""Code that meets hostile bytes. Runs in a child process of its own, walled in before it reads the first of them.

One module per kind of work (``image``, ``pdf``, ``codes``), each an entry point, so that a child loads only the
decoders it needs.
"""
