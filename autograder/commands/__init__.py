"""The instructor's commands of the shell program; each module has ``register(app)``."""
