"""Volumes on this side of the link: their export files, and backups that are made by themselves."""
