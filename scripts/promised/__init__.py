"""What `make promises` counts by, apart from its printing: labelled captures, and a baseline of novelty and bursts."""
