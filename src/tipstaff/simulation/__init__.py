"""A synthetic county with ground truth. Pure, seeded; knows nothing of the error model."""
