"""What the live tests have in common: a network of their own, the programs in it, and how logs are compared."""
