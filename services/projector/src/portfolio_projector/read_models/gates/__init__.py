"""Gates: the stages of an initiative and the reviews between them; what sources say of items' stages, gates and targets."""
