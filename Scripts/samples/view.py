"""The picture plane: pixels in millimetres, tubes projected onto it, soft edges and blurs.

Millimetre coordinates: x to the right of the picture, y downwards, the origin in the middle of the chest.
Maps hold path lengths in mm along the beam, or attenuation (path length times mu, no unit).
"""

from functools import lru_cache

import numpy as np

PAD = 16


def edge(distance, width):
    """0 outside, 1 inside, a smooth step `width` mm wide around distance 0."""
    t = np.clip(distance * (1.0 / width) + 0.5, 0.0, 1.0)
    return t * t * (3.0 - 2.0 * t)


def bulge(square):
    """The chord of a unit sphere where `square` is the squared distance from its axis."""
    return np.sqrt(np.maximum(1.0 - square, 0.0))


@lru_cache(maxsize=512)
def disk(side, tenths):
    """Spectrum of a disk of unit sum; its radius is `tenths` tenths of a pixel."""
    fine = 8
    at = np.minimum(np.arange(side), side - np.arange(side)) * np.where(np.arange(side) <= side // 2, 1, -1)
    sub = (np.arange(fine) + 0.5) / fine - 0.5
    near = np.where(np.abs(at) <= tenths // 10 + 2)[0]
    grid = at[near][:, None] + sub[None, :]
    square = grid[:, None, :, None] ** 2 + grid[None, :, None, :] ** 2
    inside = (square <= (tenths / 10.0) ** 2).mean(axis=(2, 3)) if tenths else np.zeros((len(near),) * 2)
    kernel = np.zeros((side, side))
    kernel[np.ix_(near, near)] = inside
    total = kernel.sum()
    if total == 0:
        kernel[0, 0] = total = 1.0
    return np.fft.rfft2(kernel / total)


@lru_cache(maxsize=64)
def grain(side, number, fine, coarse):
    """A random texture of unit variance; structures between `fine` and `coarse` pixels."""
    from .draws import Draws

    spectrum = np.fft.rfft2(Draws(7, side, number).normals(side, side))
    frequency = np.hypot(np.fft.fftfreq(side)[:, None], np.fft.rfftfreq(side)[None, :])
    band = np.exp(-((frequency * fine) ** 2)) - np.exp(-((frequency * coarse) ** 2))
    field = np.fft.irfft2(spectrum * band, s=(side, side))
    return field * (1.0 / np.sqrt((field**2).mean()))


class View:
    """A square picture of `size` pixels that shows `field` mm, turned by `turn` rad and moved by `shift` mm."""

    def __init__(self, size, field, turn=0.0, shift=(0.0, 0.0)):
        self.size, self.field, self.turn, self.shift = size, field, turn, shift
        self.pixel = field / size
        at = (np.arange(size) + 0.5) * self.pixel - field / 2
        cos, sin = np.cos(turn), np.sin(turn)
        u, v = at[None, :] - shift[0], at[:, None] - shift[1]
        self.x = cos * u + sin * v
        self.y = cos * v - sin * u
        self.soft = max(1.6 * self.pixel, 1.2)  # the narrowest edge in mm that does not alias
        self._side = next(s for s in (80, 96, 112, 128, 144, 160, 176, 208, 240, 288, 336, 400, 432, 528, 1056)
                          if s >= size + PAD)

    def pixels(self, x, y):
        """Column and row of the points (x, y) in mm."""
        cos, sin = np.cos(self.turn), np.sin(self.turn)
        u, v = cos * x - sin * y + self.shift[0], sin * x + cos * y + self.shift[1]
        return (u + self.field / 2) / self.pixel - 0.5, (v + self.field / 2) / self.pixel - 0.5

    def splat(self, x, y, weight):
        """Spectrum of the map to which every point adds its weight, per mm^2."""
        side, half = self._side, PAD // 2
        column, row = self.pixels(np.ravel(x), np.ravel(y))
        column, row = column + half, row + half
        keep = (column >= 0) & (column < side - 1) & (row >= 0) & (row < side - 1)
        column, row, weight = column[keep], row[keep], np.ravel(weight)[keep]
        left, top = column.astype(np.int64), row.astype(np.int64)
        right, low = column - left, row - top
        at = top * side + left
        upper, lower = weight * (1 - low), weight * low
        places = np.concatenate([at, at + 1, at + side, at + side + 1])
        parts = np.concatenate([upper * (1 - right), upper * right, lower * (1 - right), lower * right])
        full = np.bincount(places, parts, side * side).reshape(side, side)
        return np.fft.rfft2(full) * (1.0 / self.pixel**2)

    def disk(self, radius):
        return disk(self._side, int(round(10 * radius / self.pixel)))

    def finish(self, spectrum):
        """The map of a spectrum, without its margin."""
        half = PAD // 2
        full = np.fft.irfft2(spectrum, s=(self._side, self._side))
        return full[half:half + self.size, half:half + self.size]

    def texture(self, number, fine, coarse):
        """A random texture with structures between `fine` and `coarse` mm, moved by `number`."""
        scale = 384.0 / self.size  # pixel sizes are rounded so that few textures have to be made
        side = self._side
        field = grain(side, number % 6, round(fine / scale * 3) / 3, round(coarse / scale * 3) / 3)
        field = np.roll(field, ((number * 37) % side, (number * 91) % side), axis=(0, 1))
        return field[:self.size, :self.size]


def blurred(image, weight):
    """One pass of a small binomial blur; `weight` of each neighbour goes to a pixel, along both axes."""
    padded = np.pad(image, ((1, 1), (0, 0)), mode="edge")
    image = (1 - 2 * weight) * image + weight * (padded[:-2] + padded[2:])
    padded = np.pad(image, ((0, 0), (1, 1)), mode="edge")
    return (1 - 2 * weight) * image + weight * (padded[:, :-2] + padded[:, 2:])


@lru_cache(maxsize=32)
def spread(coarse, sigma):
    """Matrix of a normalised Gaussian blur along an axis of `coarse` cells."""
    at = np.arange(coarse)
    weights = np.exp(-0.5 * ((at[:, None] - at[None, :]) / sigma) ** 2)
    return weights / weights.sum(axis=1, keepdims=True)


def wide_blur(image, sigma):
    """A blur so wide (`sigma` is a share of the picture's side) that it can be made on a 32 x 32 grid."""
    size, cells = image.shape[0], 32
    if size % cells:
        at = (np.arange(cells) * size) // cells
        coarse = image[np.ix_(at, at)]
    else:
        step = size // cells
        coarse = image.reshape(cells, step, cells, step).mean(axis=(1, 3))
    kernel = spread(cells, sigma * cells)
    coarse = np.einsum("ij,jl->il", kernel, np.einsum("jk,lk->jl", coarse, kernel))
    at = (np.arange(size) + 0.5) * cells / size - 0.5
    low = np.clip(np.floor(at).astype(np.int64), 0, cells - 2)
    share = np.clip(at - low, 0, 1)
    rows = coarse[low] * (1 - share)[:, None] + coarse[low + 1] * share[:, None]
    return rows[:, low] * (1 - share)[None, :] + rows[:, low + 1] * share[None, :]
