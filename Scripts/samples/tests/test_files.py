"""The files: what is written can be read again, by pydicom and Pillow, to the same values."""

import io
import struct
import unittest

import numpy as np
from PIL import Image
from pydicom import dcmread

from .. import dicom, report
from ..check import same_content
from ..draws import Draws
from ..faults import FAULTS
from ..files import avi, jpeg, png
from ..findings import KINDS, MAKE, SIDES, draw_findings, study_labels
from ..machine import record
from ..phantom import Phantom, Picture
from ..recordings import CAP, Run, csv, start_of, zipped


def picture():
    return Picture(Draws(3).uniforms(40 * 40).reshape(40, 40), {}, 1.25)


class Pictures(unittest.TestCase):
    def test_png(self):
        for bits in (8, 16):
            levels = picture().levels(bits)
            np.testing.assert_array_equal(np.asarray(Image.open(io.BytesIO(png(levels)))), levels)

    def test_run_lengths(self):
        smooth = Phantom(1, 1).frontal(48)
        for inverted in (False, True):
            for one in (picture(), smooth):
                data = dcmread(io.BytesIO(dicom.radiograph("s", 1, one, inverted=inverted)))
                levels = one.levels(12)
                np.testing.assert_array_equal(data.pixel_array, 4095 - levels if inverted else levels)

    def test_cine(self):
        frames = Phantom(1, 2).cine(48, 3, {-1: 20.0, 1: 20.0})
        data = dcmread(io.BytesIO(dicom.cine("s", 1, frames, 8)))
        self.assertEqual(data.pixel_array.shape, (3, 48, 48))
        error = np.abs(data.pixel_array.astype(float) - np.stack([f.levels(8) for f in frames])).mean()
        self.assertLess(error, 3.0)

    def test_avi_index_points_at_pictures(self):
        frames = [np.full((16, 24), 40 * i, np.uint8) for i in range(4)]
        data = avi(frames, 8)
        self.assertEqual(struct.unpack("<I", data[4:8])[0], len(data) - 8)
        base, at = data.index(b"movi"), data.index(b"idx1") + 8
        for number, frame in enumerate(frames):
            name, _, offset, size = struct.unpack("<4sIII", data[at + 16 * number:at + 16 * number + 16])
            start = base + offset
            self.assertEqual((name, data[start:start + 4]), (b"00dc", b"00dc"))
            shown = np.asarray(Image.open(io.BytesIO(data[start + 8:start + 8 + size])))
            self.assertLess(np.abs(shown.astype(int) - frame).max(), 3)

    def test_check_sees_content(self):
        levels = picture().levels(8)
        self.assertTrue(same_content("a.png", png(levels, 9), png(levels, 1)))
        self.assertFalse(same_content("a.png", png(levels), png(255 - levels)))
        self.assertFalse(same_content("a.jpg", jpeg(levels), jpeg(255 - levels)))
        self.assertFalse(same_content("a.csv.gz", zipped("a"), zipped("b")))


class Reports(unittest.TestCase):
    def test_languages_have_the_same_phrases(self):
        english, chinese = (report.LANGUAGES[language].PHRASES for language in ("en", "zh"))
        self.assertEqual(set(english), set(chinese))

    def test_test_reports_share_no_sentence_form_with_training(self):
        for language in report.LANGUAGES:
            usual, kept = report.LANGUAGES[language].PHRASES, report.HELD_OUT[language].PHRASES
            self.assertEqual(set(usual), set(kept))
            self.assertFalse({form for forms in usual.values() for form in forms}
                             & {form for forms in kept.values() for form in forms})

    def test_many_combinations_of_findings_are_drawn(self):
        drawn = {tuple(study_labels(draw_findings(Draws(51, number)))) for number in range(2000)}
        self.assertGreaterEqual(len(drawn), 40)

    def test_every_finding_is_told_with_its_side(self):
        for language in report.LANGUAGES:
            words = report.LANGUAGES[language]
            for number in range(60):
                draws = Draws(50, number)
                kind = draws.pick([k for k in KINDS if k != "enlarged heart"])
                finding = MAKE[kind](draws)
                held_out = bool(number % 2)
                told = report.write(language, draws, [finding], held_out=held_out)
                self.assertIn(words.SIDES[finding.side], told.text.lower())
                self.assertNotIn("{", told.text)
                told = report.write(language, draws, [finding], "lateral", held_out=held_out)
                self.assertFalse(any(words.SIDES[side] in told.text.lower() for side in SIDES), told.text)


class Machines(unittest.TestCase):
    def test_pressure_follows_the_square_of_speed(self):
        readings, _, _ = record(Draws(60), 800)
        speed, load, pressure = readings[:, 0] / readings[:, 0].max(), readings[:, 1] / 100, readings[:, 5]
        flow = load * (0.35 + 0.65 * speed)
        fitted = np.linalg.lstsq(np.stack([speed**2, flow**2], axis=1), pressure, rcond=None)
        self.assertLess(np.sqrt(fitted[1][0] / 800), 0.08)

    def test_faults_change_what_they_should(self):
        signs = {"bearing wear": {2: 1, 3: 1}, "imbalance": {2: 1, 3: 0}, "cooling loss": {2: 0, 3: 1},
                 "cavitation": {5: -1, 3: 0}, "phase loss": {4: 1, 0: -1}}
        for fault, expected in signs.items():
            sound, _, _ = record(Draws(61), 500)
            faulty, severity, _ = record(Draws(61), 500, fault, 200, 500)
            self.assertEqual(severity[:200].max(), 0.0)
            late = slice(420, 500)
            for column, sign in expected.items():
                change = (faulty[late, column].mean() - sound[late, column].mean()) / sound[late, column].mean()
                limit = 0.012 if column == 0 else 0.1
                self.assertEqual(0 if abs(change) < limit else np.sign(change), sign, f"{fault}, column {column}")

    def test_windows_end_before_failure(self):
        for fault in FAULTS:
            run = Run(Draws(62), fault, 600)
            rows = run.windows("a", "a", "train", "a.csv", Draws(63))
            for row in rows:
                self.assertTrue(1 <= row["start"] < row["end"] <= 600)
                if row["target"] != "":
                    self.assertEqual(row["target"], min(600 - row["end"], CAP))
            self.assertEqual({"healthy", fault}, {row["label"] for row in rows})

    def test_csv_keeps_four_digits(self):
        readings, _, _ = record(Draws(64), 20)
        lines = csv(readings, start_of(1), between=";", comma=True).splitlines()
        values = np.array([[float(cell.replace(",", ".")) for cell in line.split(";")[1:]] for line in lines[1:]])
        np.testing.assert_allclose(values, readings, rtol=6e-4)
