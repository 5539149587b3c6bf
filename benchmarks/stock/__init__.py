"""django-oscar as it comes: its own apps, templates, strategy and search, nothing of ours in it."""
