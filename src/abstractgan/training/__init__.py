"""Training: the GAN model, the profiles and the resumable runs."""
