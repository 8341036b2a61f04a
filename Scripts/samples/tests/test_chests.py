"""The physics of the pictures, and that findings can be seen where the truth says they are."""

import unittest

import numpy as np

from ..anatomy import SOFT, draw_anatomy
from ..bones import Curves, spectrum
from ..detector import Exposure, expose
from ..draws import Draws
from ..findings import KINDS, MAKE, draw_findings, study_labels
from ..frontal import frontal
from ..phantom import Phantom
from ..view import View, disk, edge


class Projection(unittest.TestCase):
    def test_disk_has_unit_sum(self):
        for tenths in (0, 7, 33, 120):
            self.assertAlmostEqual(disk(144, tenths)[0, 0].real, 1.0, places=12)

    def test_splat_keeps_mass(self):
        view = View(64, 200)
        field = view.finish(view.splat(np.array([3.3, -20.1]), np.array([10.7, 40.2]), np.array([2.0, 5.0])))
        self.assertAlmostEqual(field.sum() * view.pixel**2, 7.0, places=9)

    def test_straight_tube_has_its_diameter_as_path(self):
        view, along = View(256, 128), np.linspace(-100, 100, 4000)[None, :]
        tube = Curves(along, 0 * along, 0 * along)
        from ..anatomy import CORTEX

        path = view.finish(spectrum(view, tube, 8.0, 0.0)) / (CORTEX - SOFT)
        self.assertAlmostEqual(path[127:129, 128].mean(), 16.0, delta=0.25)
        off = int(round(6.0 / view.pixel))  # chord of a circle 6 mm off its middle: 2 sqrt(64 - 36)
        self.assertAlmostEqual(path[127 - off:129 + off, 128][[0, -1]].mean(), 10.58, delta=0.8)

    def test_a_tube_along_the_beam_is_denser_than_across(self):
        view, along = View(128, 128), np.linspace(-30, 30, 500)[None, :]
        across = view.finish(spectrum(view, Curves(along, 0 * along, 0 * along), 5.0, 0.0))
        tilted = view.finish(spectrum(view, Curves(along / 2, 0 * along, along * 0.866), 5.0, 0.0))
        self.assertAlmostEqual(tilted[64, 64] / across[64, 64], 2.0, delta=0.05)

    def test_edge_is_half_at_zero(self):
        np.testing.assert_allclose(edge(np.array([-5.0, 0.0, 5.0]), 2.0), [0, 0.5, 1])


class Detector(unittest.TestCase):
    exposure = Exposure(photons=200, scatter=0.0, sharpness=0.0, low=0, high=1, gamma=1, hold=0)

    def test_beer_lambert(self):
        counts = expose(np.full((128, 128), 2.0), self.exposure, Draws(1), 3.0)
        self.assertAlmostEqual(counts.mean(), np.exp(-2.0), delta=2e-4)

    def test_noise_follows_counts(self):
        for attenuation in (1.0, 4.0):
            counts = expose(np.full((128, 128), attenuation), self.exposure, Draws(2), 3.0)
            expected = np.exp(-attenuation) / (200 * 9 * np.exp(3.0))
            self.assertAlmostEqual(counts.var() / expected, 1.0, delta=0.06)


class Truth(unittest.TestCase):
    def test_findings_change_the_picture_where_they_are(self):
        for number, kind in enumerate(k for k in KINDS if k != "enlarged heart"):
            draws = Draws(40, number)
            anatomy, view = draw_anatomy(draws), View(128, 375)
            finding = MAKE[kind](draws, side=1)
            sound, _, _ = frontal(anatomy, [], view)
            changed, _, masks = frontal(anatomy, [finding], view)
            mask, change = masks[0], changed - sound
            self.assertGreater(mask.sum(), 6, kind)
            inside, outside = change[mask].mean(), np.abs(change[~mask]).mean()
            self.assertGreater(abs(inside), 8 * outside, kind)
            self.assertEqual(inside < 0, kind == "pneumothorax", kind)
            columns = np.where(mask.any(axis=0))[0]
            self.assertGreater(columns.mean(), 63.5, f"{kind} on the left lies on the right of the picture")

    def test_heart_has_its_cardiothoracic_ratio(self):
        for number, ratio in enumerate((0.42, 0.5, 0.58, 0.64)):
            anatomy = draw_anatomy(Draws(41, number))
            anatomy.heart_ratio, anatomy.rotation = ratio, 0.0
            _, _, masks = frontal(anatomy, [MAKE["enlarged heart"](Draws(1), ratio)], View(256, 375))
            columns = np.where(masks[0].any(axis=0))[0]
            width = (columns[-1] - columns[0] + 1) * 375 / 256
            self.assertAlmostEqual(width / (2 * anatomy.half_width), ratio, delta=0.025)

    def test_shares(self):
        counts = {label: 0 for label in KINDS + ("normal",)}
        for number in range(3000):
            for label in study_labels(draw_findings(Draws(42, number)), sided=False):
                counts[label] += 1
        self.assertAlmostEqual(counts["normal"] / 3000, 0.35, delta=0.03)
        for kind in KINDS:
            self.assertTrue(0.12 < counts[kind] / 3000 < 0.205, f"{kind}: {counts[kind] / 3000:.3f}")

    def test_same_names_same_picture(self):
        first, second = Phantom(5, 6), Phantom(5, 6)
        second.lateral(64)  # another picture before must change nothing
        np.testing.assert_array_equal(first.frontal(64).levels(16), second.frontal(64).levels(16))

    def test_diaphragm_moves_by_its_excursion(self):
        anatomy = draw_anatomy(Draws(43))
        out = anatomy.breathing(1.0, {-1: 20.0, 1: 2.0})
        self.assertAlmostEqual(anatomy.dome[-1] - out.dome[-1], 20.0)
        self.assertAlmostEqual(anatomy.dome[1] - out.dome[1], 2.0)


class Randomness(unittest.TestCase):
    def test_stream_is_the_one_of_pcg64(self):
        # NumPy's own documentation promises this stream; the values were written down once.
        raw = np.random.PCG64(np.random.SeedSequence([1, 2])).random_raw(2)
        self.assertEqual([int(value) for value in raw], FIRST)

    def test_normals(self):
        values = Draws(44).normals(200, 500)
        self.assertAlmostEqual(values.mean(), 0.0, delta=0.01)
        self.assertAlmostEqual(values.std(), 1.0, delta=0.01)


FIRST = [8271799387826207682, 7948369750201702571]
