"""Pictures in five widths and two formats, drawn beside the request. See docs/pictures.md."""
