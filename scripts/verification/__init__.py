"""Independent judges of leptonnet's logs: tshark's view of every conversation, and the rules of the EVE format."""
