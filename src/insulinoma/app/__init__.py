"""The web app: pages and the public HTTP API that they use, on loopback."""
