"""Service level objectives as data, and what is made of them: rules, alerts, dashboards."""
