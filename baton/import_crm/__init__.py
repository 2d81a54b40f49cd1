"""Brings a CRM export (four CSV files) in through the ordinary commands, with its own business times."""
