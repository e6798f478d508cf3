"""How good is what a generator makes? Measures of digits, of style transfer and of pictures."""

from abstractgan.metrics.digits import (
    CLASSIFIER_WEIGHTS,
    DigitReport,
    class_shares,
    classify_digits,
    digit_report,
)
from abstractgan.metrics.distances import fid, kid
from abstractgan.metrics.pictures import psnr, ssim, vgg_distance
from abstractgan.metrics.style import (
    Memorisation,
    art_fid_in_form,
    lpips_in_form,
    memorisation,
    style_retrieval,
    style_vectors,
    tiles,
)

__all__ = [
    "CLASSIFIER_WEIGHTS",
    "DigitReport",
    "Memorisation",
    "art_fid_in_form",
    "class_shares",
    "classify_digits",
    "digit_report",
    "fid",
    "kid",
    "lpips_in_form",
    "memorisation",
    "psnr",
    "ssim",
    "style_retrieval",
    "style_vectors",
    "tiles",
    "vgg_distance",
]
