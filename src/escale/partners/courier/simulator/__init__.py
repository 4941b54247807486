"""A believable carrier: MyDHL interface, label shop, and the life of parcels on the virtual clock."""
