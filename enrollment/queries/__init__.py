"""Questions over many enrollments: one module for each."""
