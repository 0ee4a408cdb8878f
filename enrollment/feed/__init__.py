"""The feed of a student information system: read, staged, judged."""
