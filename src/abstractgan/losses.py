"""Losses as pure functions: adversarial ones on logits, content and style on feature maps.

A discriminator's output ``s`` is a logit (or a critic's score), never a probability: ``sigmoid(s)``
is the probability of "real" where a loss has that reading. An adversarial loss takes tensors of any
shape, one entry for each sample or patch. Those of content and style compare the feature maps of
one layer with a target. All compute in float32 and return a mean as a scalar.

Taught in the chapters ``notebooks/digit_gan`` (adversarial losses and penalties) and
``notebooks/gatys`` (content, style, variation).
"""

from collections.abc import Callable
from dataclasses import dataclass

from keras import ops

from abstractgan.errors import UserError, check_choice
from abstractgan.features import Tensor, channel_statistics, gram_matrix


def _float32(tensor: Tensor) -> Tensor:
    return ops.cast(tensor, "float32")


def cross_entropy_discriminator_loss(
    real_logits: Tensor, fake_logits: Tensor, smoothing: float = 0.0
) -> Tensor:
    r"""Binary cross-entropy of a discriminator that calls real "1" and fake "0".

    ``-E[(1-a) log sigmoid(s_real) + a log(1 - sigmoid(s_real))] - E[log(1 - sigmoid(s_fake))]``,
    which for ``a = 0`` is minus the value function of Goodfellow et al. 2014, equation 1.

    Args:
        real_logits: Scores of real samples.
        fake_logits: Scores of generated samples.
        smoothing: ``a``, the one-sided label smoothing of Salimans et al. 2016, section 3.4 (0.1 is
            usual).

    Raises:
        UserError: If ``smoothing`` is outside [0, 0.5).
    """
    if not 0 <= smoothing < 0.5:
        raise UserError(f"Give a label smoothing from 0 up to 0.5, not {smoothing}.")
    real_logits, fake_logits = _float32(real_logits), _float32(fake_logits)
    real_loss = ops.softplus(-real_logits) + smoothing * real_logits
    return ops.mean(real_loss) + ops.mean(ops.softplus(fake_logits))


def minimax_generator_loss(fake_logits: Tensor) -> Tensor:
    """Saturating loss ``E[log(1 - sigmoid(s))]`` (Goodfellow et al. 2014, equation 1).

    Its slope ``-sigmoid(s)`` vanishes where the discriminator rejects the fake.

    Args:
        fake_logits: Logits of fake samples, of any shape.
    """
    return -ops.mean(ops.softplus(_float32(fake_logits)))


def non_saturating_generator_loss(fake_logits: Tensor) -> Tensor:
    """Non-saturating loss ``-E[log sigmoid(s)]`` (Goodfellow et al. 2014, section 3).

    Its slope ``sigmoid(s) - 1`` is near -1 where the discriminator rejects the fake.

    Args:
        fake_logits: Logits of fake samples, of any shape.
    """
    return ops.mean(ops.softplus(-_float32(fake_logits)))


def least_squares_discriminator_loss(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    """``1/2 E[(s_real - 1)^2] + 1/2 E[s_fake^2]`` (Mao et al. 2017, equation 9).

    Args:
        real_logits: Logits of real samples, of any shape.
        fake_logits: Logits of fake samples, of any shape.
    """
    real_loss = ops.mean(ops.square(_float32(real_logits) - 1))
    return 0.5 * (real_loss + ops.mean(ops.square(_float32(fake_logits))))


def least_squares_generator_loss(fake_logits: Tensor) -> Tensor:
    """``1/2 E[(s_fake - 1)^2]`` (Mao et al. 2017, equation 9).

    Args:
        fake_logits: Logits of fake samples, of any shape.
    """
    return 0.5 * ops.mean(ops.square(_float32(fake_logits) - 1))


def wasserstein_discriminator_loss(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    """``E[s_fake] - E[s_real]``, for a critic kept 1-Lipschitz (Arjovsky et al. 2017, eq. 2).

    Args:
        real_logits: Logits of real samples, of any shape.
        fake_logits: Logits of fake samples, of any shape.
    """
    return ops.mean(_float32(fake_logits)) - ops.mean(_float32(real_logits))


def raise_score_generator_loss(fake_logits: Tensor) -> Tensor:
    """``-E[s_fake]``: raise the critic's score (Arjovsky et al. 2017; Lim and Ye 2017).

    Args:
        fake_logits: Logits of fake samples, of any shape.
    """
    return -ops.mean(_float32(fake_logits))


def hinge_discriminator_loss(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    """``E[max(0, 1 - s_real)] + E[max(0, 1 + s_fake)]`` (Lim and Ye 2017; Miyato et al. 2018).

    Args:
        real_logits: Logits of real samples, of any shape.
        fake_logits: Logits of fake samples, of any shape.
    """
    real_loss = ops.mean(ops.relu(1 - _float32(real_logits)))
    return real_loss + ops.mean(ops.relu(1 + _float32(fake_logits)))


@dataclass(frozen=True)
class AdversarialLoss:
    """The two losses of one game.

    Attributes:
        name: The key in ``ADVERSARIAL_LOSSES``.
        title: The name used in prose and legends.
        discriminator: ``(real_logits, fake_logits) -> scalar`` that the discriminator minimises.
        generator: ``(fake_logits) -> scalar`` that the generator minimises.
    """

    name: str
    title: str
    discriminator: Callable[[Tensor, Tensor], Tensor]
    generator: Callable[[Tensor], Tensor]


ADVERSARIAL_LOSSES: dict[str, AdversarialLoss] = {
    loss.name: loss
    for loss in (
        AdversarialLoss(
            "minimax",
            "Minimax (saturating)",
            cross_entropy_discriminator_loss,
            minimax_generator_loss,
        ),
        AdversarialLoss(
            "non_saturating",
            "Non-saturating",
            cross_entropy_discriminator_loss,
            non_saturating_generator_loss,
        ),
        AdversarialLoss(
            "least_squares",
            "Least squares",
            least_squares_discriminator_loss,
            least_squares_generator_loss,
        ),
        AdversarialLoss(
            "wasserstein",
            "Wasserstein",
            wasserstein_discriminator_loss,
            raise_score_generator_loss,
        ),
        AdversarialLoss("hinge", "Hinge", hinge_discriminator_loss, raise_score_generator_loss),
    )
}
"""The pairs of losses by their names."""


def adversarial_loss(name: str) -> AdversarialLoss:
    """The pair of losses called ``name``.

    Args:
        name: A key of ``ADVERSARIAL_LOSSES``.

    Raises:
        UserError: If there is no such loss.
    """
    check_choice(name, ADVERSARIAL_LOSSES, "loss")
    return ADVERSARIAL_LOSSES[name]


def _squared_norms(gradients: Tensor) -> Tensor:
    gradients = ops.reshape(_float32(gradients), (ops.shape(gradients)[0], -1))
    return ops.sum(ops.square(gradients), axis=1)


def _norms(batch: Tensor) -> Tensor:
    # The square root has no derivative at 0; the small term keeps a flat critic, or a picture that
    # is its own target, from giving NaN.
    return ops.sqrt(_squared_norms(batch) + 1e-12)


def interpolate(real: Tensor, fake: Tensor, alpha: Tensor) -> Tensor:
    """Points between real and fake samples, where the gradient penalty is taken.

    Args:
        real: Real samples (batch, ...).
        fake: Generated samples of the same shape.
        alpha: One weight a sample (batch,), uniform on [0, 1] (Gulrajani et al. 2017, algorithm 1).
    """
    alpha = ops.reshape(alpha, (-1,) + (1,) * (len(real.shape) - 1))
    return alpha * real + (1 - alpha) * fake


def gradient_penalty(gradients: Tensor) -> Tensor:
    """``E[(|grad D(x)| - 1)^2]`` at interpolated points, without lambda.

    Gulrajani et al. 2017, equation 3.

    Args:
        gradients: Gradient of the critic's score in its input, (batch, ...).
    """
    return ops.mean(ops.square(_norms(gradients) - 1))


def r1_penalty(gradients: Tensor) -> Tensor:
    """``1/2 E[|grad D(x)|^2]`` at real samples (Mescheder et al. 2018, equation 9, without gamma).

    Args:
        gradients: Gradient of the discriminator's logit in its input, (batch, ...).
    """
    return 0.5 * ops.mean(_squared_norms(gradients))


def _relative_square(values: Tensor, target: Tensor) -> Tensor:
    """Mean squared difference over the mean square of the target, which has a batch of 1 or all."""
    values, target = _float32(values), _float32(target)
    return ops.mean(ops.square(values - target)) / ops.mean(ops.square(target))


def content_loss(features: Tensor, target: Tensor) -> Tensor:
    """``mean((F - P)^2) / mean(P^2)``: 0 where the content is that of the photograph, 1 at F = 0.

    Gatys et al. 2016, equation 1, have half the *sum* of the squares, which grows with the picture
    and with the layer: VGG's numbers go into the thousands. Divided by the target's mean square,
    as Mahendran and Vedaldi 2015 do, one weight fits all sizes and layers.

    Taught in the chapter ``notebooks/gatys``.

    Args:
        features: Feature maps F of one layer (batch, height, width, channels).
        target: Feature maps P of the photograph, of the same shape or a batch of 1.
    """
    return _relative_square(features, target)


def gram_loss(features: Tensor, target: Tensor) -> Tensor:
    """``mean((G - A)^2) / mean(A^2)`` of Gram matrices: 0 where the style is the painting's.

    Gatys et al. 2016, equation 4, divide the sum of the squares by ``4 N^2 M^2`` for N channels and
    M positions, and equation 5 gives each layer a weight. The layers then still differ by orders
    of magnitude, as the fourth power of their features. Here each is measured by the size of what
    it is compared with, so that layers weigh alike. And G and A are means over the positions, so
    that the two pictures may differ in size.

    Taught in the chapter ``notebooks/gatys``.

    Args:
        features: Feature maps of one layer (batch, height, width, channels).
        target: ``gram_matrix`` of the painting's, (batch or 1, channels, channels).
    """
    return _relative_square(gram_matrix(features), target)


def statistics_loss(features: Tensor, target: tuple[Tensor, Tensor]) -> Tensor:
    """Mean and standard deviation of each channel, compared as ``gram_loss`` compares matrices.

    Huang and Belongie 2017, equation 13, add the Euclidean norms of both differences over the
    layers; here it is the mean of the squares of both over the mean square of the target's.

    Taught in the chapter ``notebooks/gatys``.

    Args:
        features: Feature maps of one layer (batch, height, width, channels).
        target: ``channel_statistics`` of the painting's, two tensors (batch or 1, channels).
    """
    got, wanted = (ops.concatenate(both, axis=1) for both in (channel_statistics(features), target))
    return _relative_square(got, wanted)


def total_variation(images: Tensor) -> Tensor:
    """Mean squared difference of neighbours, down the columns plus along the rows.

    The total variation of Mahendran and Vedaldi 2015 with beta = 2, which Johnson et al. 2016 use
    too; the sum over all pixels is a mean here, so that one weight fits all sizes.

    Taught in the chapter ``notebooks/gatys``.

    Args:
        images: Pictures (batch, height, width, channels), two pixels or more each way.
    """
    images = _float32(images)
    down = ops.square(images[:, 1:] - images[:, :-1])
    along = ops.square(images[:, :, 1:] - images[:, :, :-1])
    return ops.mean(down) + ops.mean(along)


def _relative_distance(values: Tensor, targets: Tensor) -> Tensor:
    """Euclidean distance from its target over the target's length, the mean over the batch."""
    apart = _float32(values) - _float32(targets)
    return ops.mean(_norms(apart) / _norms(targets))


def gram_distance(gram: Tensor, target: Tensor) -> Tensor:
    """``|G - A| / |A|``, Frobenius norms: 0 where the style is the painting's.

    The square root of what ``gram_loss`` gives for one picture. Near the goal a square forgives
    what is left; in a batch the picture that is furthest off has nearly all of its gradient. The
    style GAN, which must serve all paintings at once, is trained and measured on the distance.

    Taught in the chapter ``notebooks/style_gan``.

    Args:
        gram: Gram matrices of pictures (batch, channels, channels).
        target: Those of their paintings.
    """
    return _relative_distance(gram, target)


def statistics_distance(statistics: tuple[Tensor, Tensor], target: tuple[Tensor, Tensor]) -> Tensor:
    """The same for channel means and standard deviations: the mean of the two distances.

    Huang and Belongie 2017, equation 13, add the two norms over the layers, undivided.

    Taught in the chapter ``notebooks/style_gan``.

    Args:
        statistics: Means and standard deviations (batch, channels) of pictures.
        target: Those of their paintings.
    """
    pairs = zip(statistics, target, strict=True)
    return sum(_relative_distance(got, wanted) for got, wanted in pairs) / 2


def structure_loss(features: Tensor, target: Tensor) -> Tensor:
    """1 less the correlation over the positions, the mean over all channels: 0 to 2.

    ``1 - mean(norm(F) norm(P))``, where ``norm`` subtracts a channel's mean and divides by its
    standard deviation (instance normalisation). What a style sets, mean and deviation, cannot be
    seen by this loss; where a channel responds strongly and where weakly can. Sanakoyeu et al.
    2018, section 3.2, make the content loss blind to style too, with a learned transformation.

    Taught in the chapter ``notebooks/style_gan``.

    Args:
        features: Feature maps F of one layer (batch, height, width, channels).
        target: Feature maps P of the photographs, of the same shape.
    """

    def normalised(maps: Tensor) -> Tensor:
        mean, std = channel_statistics(maps)
        return (_float32(maps) - mean[:, None, None]) / std[:, None, None]

    return 1 - ops.mean(normalised(features) * normalised(target))
