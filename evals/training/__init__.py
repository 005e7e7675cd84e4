"""Training and measuring the reading model (``rag.reader``). Nothing of it runs in the product."""
