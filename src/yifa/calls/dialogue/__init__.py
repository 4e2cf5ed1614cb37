"""A call back to somebody an office has dealt with: a script is read out, and what is answered is understood."""
