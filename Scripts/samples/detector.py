"""From attenuation to the picture that a workstation shows: scatter, noise, blur, display curve."""

from dataclasses import dataclass

import numpy as np

from .view import blurred, wide_blur


@dataclass
class Exposure:
    photons: float  # detected per mm^2 behind the body at attenuation 3
    scatter: float  # ratio of scatter to primary behind the grid
    sharpness: float  # weight of the neighbours in the detector's blur
    low: float  # display curve: darkest and brightest share, gamma
    high: float
    gamma: float
    hold: float  # share of the coarse structure that processing takes away


def draw_exposure(draws):
    return Exposure(photons=draws.uniform(500, 2200), scatter=draws.uniform(0.12, 0.4),
                    sharpness=draws.uniform(0.03, 0.12), low=draws.uniform(-0.05, 0.04),
                    high=draws.uniform(0.98, 1.10), gamma=draws.uniform(0.85, 1.2),
                    hold=draws.uniform(0.3, 0.5))


def expose(attenuation, exposure, draws, pixel):
    """What the detector counts in each pixel, relative to the open beam."""
    primary = np.exp(-attenuation)
    total = primary + exposure.scatter * wide_blur(np.minimum(primary, 0.25), 0.09)
    total = blurred(total, exposure.sharpness)
    counts = exposure.photons * pixel**2 * np.exp(3.0)
    return total + np.sqrt(total / counts) * draws.normals(*total.shape)


def processed(counts, exposure):
    """Logarithm of the counts, with part of what varies over centimetres held back.

    Workstations do the same, so that lungs and middle show together.
    """
    value = -np.log(np.maximum(counts, 1e-5))
    return np.where(value < 0.5, value, value - exposure.hold * (wide_blur(np.clip(value, 0.8, 7.0), 0.055) - 2.6))


def window(value, lung):
    """The processed values shown as black and as white: from the lungs to the spine."""
    inside, chest = value[lung > 0.5], value[value > 0.5]
    if len(inside) < 20 or len(chest) < 20:
        return 0.5, 5.0
    low = np.partition(inside, len(inside) // 25)[len(inside) // 25]
    place = len(chest) - 1 - len(chest) // 200
    high = np.partition(chest, place)[place]
    return low - 0.12 * (high - low), high


def display(value, limits, exposure):
    """Values 0 (black) to 1 (white)."""
    low, high = limits
    scaled = ((value - low) / (high - low) - exposure.low) / (exposure.high - exposure.low)
    return np.clip(scaled, 0.0, 1.0) ** exposure.gamma
