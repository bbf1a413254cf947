"""What the window knows of machines, containers, images and the rest, told by events."""
