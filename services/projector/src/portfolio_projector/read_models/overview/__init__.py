"""The one view: every initiative and product, in all three ways of delivery, by the same columns."""
