"""Published observations run as the protocols that were done on people, and compared with the twin."""
