"""What a training step of the style GAN takes, and what it must take at least.

``python benchmarks/style_step.py``; a minute on two quiet cores.
"""

from abstractgan.data.photographs import PHOTOGRAPHS, photograph
from abstractgan.data.pipeline import style_dataset
from abstractgan.training.cost import convolution_rate, median_seconds, multiply_adds, traced_step
from abstractgan.training.profiles import style_profile
from abstractgan.training.style import build_style_gan
from abstractgan.training.style_pictures import painting_squares


def main() -> None:
    """Print seconds, counted multiply-adds and their ratio for the cpu profile."""
    profile = style_profile("cpu")
    squares = painting_squares([], profile, seed=0)
    gan = build_style_gan(profile, squares)
    photographs = [photograph(name) for name in PHOTOGRAPHS]
    batch = next(
        iter(style_dataset(photographs, squares, profile.size, profile.batch_size, 1, seed=0))
    )

    step = traced_step(gan, batch)
    count = multiply_adds(step)
    rate = convolution_rate(profile.size, profile.batch_size)
    seconds = median_seconds(lambda: step(batch))
    least = count / rate
    print("| multiply-adds, G | rate, G/s | least seconds | seconds | ratio |")
    print("|---|---|---|---|---|")
    print(
        f"| {count / 1e9:.1f} | {rate / 1e9:.0f} | {least:.2f} | {seconds:.2f} "
        f"| {seconds / least:.2f} |"
    )


if __name__ == "__main__":
    main()
