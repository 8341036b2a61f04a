"""The faults of the simulated machine: what each does to it, and how people describe it."""

import numpy as np


class Fault:
    """No fault at all; the others change what differs."""

    fails = False  # whether the machine stops at the end
    sensors = ()  # of the machine where it shows, the strongest first
    texts = (
        "The machine runs normally: vibration, temperature, current and pressure follow speed and load.",
        "Healthy operation, all sensors within their usual range.",
        "No fault; readings change only with speed and load.",
    )

    def change(self, state, severity, draws):
        """Changes the machine in place; `severity` is 0 to 1, one value a row."""

    def misread(self, readings, severity, draws):
        """Changes what the sensors say in place, `[rows, 6]`; returns the names of those that it changes."""
        return ()


class BearingWear(Fault):
    fails = True
    sensors = ("vibration", "temperature", "current")
    texts = (
        "Bearing wear: vibration rises with spikes and the bearing runs hotter.",
        "A worn bearing makes rough, growing vibration and friction heat.",
        "Rolling bearing damage, seen as rising noisy vibration together with rising temperature.",
    )

    def change(self, state, severity, draws):
        hits = (draws.uniforms(len(severity)) < 0.18) * draws.uniforms(len(severity), 0.5, 2.0)
        state.vibration += severity * (4.2 * (0.5 + 0.5 * state.speed) + 3.0 * hits)
        state.roughness += 0.16 * severity
        state.heat += 24 * severity * state.speed
        state.amps *= 1 + 0.03 * severity


class Imbalance(Fault):
    fails = True
    sensors = ("vibration",)
    texts = (
        "Rotor imbalance: vibration grows steeply with speed, temperature stays as usual.",
        "An unbalanced rotor shakes the machine, most at high speed, without extra heat.",
        "Imbalance of the rotating parts, seen as smooth vibration that follows speed.",
    )

    def change(self, state, severity, draws):
        state.vibration += 7.5 * severity * state.speed**3  # force goes with the square, velocity with the cube
        state.roughness -= 0.03 * severity


class CoolingLoss(Fault):
    fails = True
    sensors = ("temperature", "current")
    texts = (
        "Cooling loss: temperature climbs under load while vibration stays normal.",
        "The cooling is blocked or weak, so the motor overheats when loaded.",
        "Loss of cooling, seen as a temperature too high for its load and current.",
    )

    def change(self, state, severity, draws):
        state.cooling += 1.55 * severity
        state.amps *= 1 + 0.01 * severity


class Cavitation(Fault):
    fails = True
    sensors = ("pressure", "vibration", "current")
    texts = (
        "Cavitation: discharge pressure drops and fluctuates, vibration becomes unsteady.",
        "Vapour bubbles in the pump make pressure fall and shake under high flow.",
        "The pump cavitates, seen as unsteady low pressure with bursts of vibration.",
    )

    def change(self, state, severity, draws):
        rows = len(severity)
        strong = severity * (0.35 + 0.65 * np.clip((state.load - 0.3) / 0.6, 0, 1))
        state.head *= np.maximum(1 - strong * (0.26 + 0.13 * draws.normals(rows)), 0.1)
        state.vibration += 1.5 * strong * np.abs(draws.normals(rows)) + 0.5 * strong
        state.amps *= 1 - strong * (0.06 + 0.035 * draws.normals(rows))


class PhaseLoss(Fault):
    fails = True
    sensors = ("current", "speed", "vibration", "temperature")
    texts = (
        "Supply phase loss: current jumps up, speed sags and the motor heats.",
        "One supply phase fails, at first now and then, so the other phases carry more current.",
        "A missing phase in the motor supply, seen as high current and more slip at the same load.",
    )

    def change(self, state, severity, draws):
        rows = len(severity)
        away, row = np.zeros(rows), 0
        while row < rows:  # spells without the phase, longer and more frequent as the contact fails
            length = draws.integer(4, 14)
            away[row:row + length] = float(draws.uniform() < 0.25 + 1.1 * severity[min(row, rows - 1)])
            row += length
        away = away * (severity > 0.02)
        state.amps *= 1 + 0.34 * away
        state.speed *= 1 - 0.032 * away * (0.4 + 0.6 * state.load)
        state.vibration += 0.9 * away


class SensorDrift(Fault):
    texts = (
        "Sensor drift: one reading creeps away while everything else stays as usual.",
        "A sensor has lost its calibration; its value no longer fits speed and load.",
        "A drifting sensor, not a fault of the machine: a single channel disagrees with the others.",
    )

    def misread(self, readings, severity, draws):
        if draws.chance(0.5):
            readings[:, 5] += severity * draws.pick((-1, 1)) * draws.uniform(2.2, 3.2)
            return ("pressure",)
        readings[:, 3] -= severity * draws.uniform(24, 34)
        return ("temperature",)


FAULTS = {"healthy": Fault(), "bearing wear": BearingWear(), "imbalance": Imbalance(), "cooling loss": CoolingLoss(),
          "cavitation": Cavitation(), "phase loss": PhaseLoss(), "sensor drift": SensorDrift()}


def stage(severity):
    """A word for how far a fault has come."""
    return "early" if severity < 0.35 else "growing" if severity < 0.7 else "severe"
