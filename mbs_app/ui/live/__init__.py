"""How open screens follow what happens: one watcher a process, many dashboards."""
