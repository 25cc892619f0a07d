"""The flow of products: how items go through their workflow, and what is to be expected of it."""
