"""Transports: how suppliers' messages reach the intake (HTTP, MQTT, a watched folder)."""
