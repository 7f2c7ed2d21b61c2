"""What archwatch tells about itself: metrics, logs, health."""
