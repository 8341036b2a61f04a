"""Random numbers that stay the same over machines and NumPy versions.

NumPy promises that the raw 64-bit stream of a bit generator never changes, but not the streams of its
distributions. So every draw here is made from raw integers with exact operations only.
"""

import numpy as np


class Draws:
    """A stream of random numbers for one purpose, named by integers: the same names give the same stream."""

    def __init__(self, *names):
        self._bits = np.random.PCG64(np.random.SeedSequence([int(name) for name in names]))

    def uniform(self, low=0.0, high=1.0):
        return low + (high - low) * ((self._bits.random_raw() >> 11) * 2.0**-53)

    def uniforms(self, count, low=0.0, high=1.0):
        raw = self._bits.random_raw(count)
        return low + (high - low) * ((raw >> np.uint64(11)).astype(np.float64) * 2.0**-53)

    def normal(self, mean=0.0, deviation=1.0):
        return mean + deviation * float(self.normals(1)[0])

    def normals(self, *shape):
        """Nearly normal values (the sum of four 16-bit uniforms: mean 0, variance 1, within 3.46)."""
        raw = np.atleast_1d(self._bits.random_raw(int(np.prod(shape))))
        quarters = raw.view(np.uint16).reshape(-1, 4).sum(axis=1, dtype=np.int64)
        return ((quarters - 131070) * (1.0 / 37837.22)).reshape(shape)

    def chance(self, probability):
        return self.uniform() < probability

    def integer(self, low, high):
        """An integer from `low` to `high`, both included."""
        return low + int(self.uniform() * (high - low + 1))

    def pick(self, items, weights=None):
        if weights is None:
            return items[self.integer(0, len(items) - 1)]
        place = self.uniform() * sum(weights)
        for item, weight in zip(items, weights):
            place -= weight
            if place < 0:
                return item
        return items[-1]

    def shuffled(self, items):
        order = np.argsort(self.uniforms(len(items)), kind="stable")
        return [items[i] for i in order]
