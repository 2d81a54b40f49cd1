"""Backups of a data folder: made while it is at work, checked, and put back."""
