"""What is typed on the pages of enrollment: one module for each task."""
