"""Drawing: styles, and curves of regret from arrays."""
