"""The work itself: nine chapters, as the annual report has them."""
