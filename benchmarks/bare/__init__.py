"""The mark that pages are held against: what Django and the web server do when nothing is to be done."""
