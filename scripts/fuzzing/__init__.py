"""What make-seeds and scripts/mutate share."""
