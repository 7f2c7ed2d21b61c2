"""archwatch: news feeds in, structured events about the European security architecture out."""

__version__ = "0.1.0"
