"""A voice and an ear for the telephone: text spoken, and what a person says written down."""
