"""Statistics: intervals, power laws, paired differences."""
