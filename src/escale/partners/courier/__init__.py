"""The carrier, DHL Express by default: the MyDHL protocol and a believable carrier."""
