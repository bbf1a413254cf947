"""Files that Linnet ships: guest recipe, icons, templates."""
