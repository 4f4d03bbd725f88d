"""Fine-tune, package, score and serve language models that write Oracle SQL."""

__version__ = "0.1.0"
