"""What `yifa …` does, one short function a word; each is imported only when its word is said."""
