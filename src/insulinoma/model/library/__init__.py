"""Published models, re-created to verify the machinery; the twin does not use them."""
