"""A pump with its motor: how speed, load, vibration, temperature, current and pressure hang together.

One row a minute. Speed follows a drive, load follows the work asked for; the rest follows from both:
pressure by the pump's curve and the affinity law (square of speed), current by power, temperature by losses
through a thermal resistance with a time constant, vibration by the square of speed.
"""

from dataclasses import dataclass

import numpy as np

from .faults import FAULTS

COLUMNS = ("speed [rpm]", "load [%]", "vibration [mm/s]", "temperature [°C]", "current [A]", "pressure [bar]")


@dataclass
class Machine:
    speed: float  # rpm at full speed
    current: float  # A at full load
    pressure: float  # bar at full speed and no flow
    vibration: float  # mm/s at full speed, sound bearings
    ambient: float  # degrees C
    heating: float  # K above ambient at full load
    inertia: float  # thermal time constant in rows


def draw_machine(draws):
    return Machine(speed=draws.uniform(1460, 1495), current=draws.uniform(36, 48), pressure=draws.uniform(6.2, 7.8),
                   vibration=draws.uniform(1.2, 1.9), ambient=draws.uniform(19, 27), heating=draws.uniform(34, 44),
                   inertia=draws.uniform(18, 30))


def follow(target, inertia, start=None):
    """First-order lag: each row moves by 1/inertia of the way to its target. Axis 0 is time."""
    state = target[0] if start is None else start
    out = np.empty_like(target)
    for row in range(len(target)):
        state = state + (target[row] - state) / inertia
        out[row] = state
    return out


def steps(draws, rows, low, high, shortest, longest):
    """A level that jumps now and then."""
    out, row = np.empty(rows), 0
    while row < rows:
        length = draws.integer(shortest, longest)
        out[row:row + length] = draws.uniform(low, high)
        row += length
    return out


def wander(draws, rows, inertia):
    """Slow noise of unit variance."""
    return follow(draws.normals(rows), inertia, 0.0) * np.sqrt(2 * inertia - 1)


@dataclass
class State:
    """What a fault may change, one value a row; a fault's `change` gets it before and after the sensors."""

    load: np.ndarray  # share of full load
    speed: np.ndarray  # share of full speed
    vibration: np.ndarray
    roughness: np.ndarray  # relative noise of the vibration
    cooling: np.ndarray  # factor on the thermal resistance
    heat: np.ndarray  # further heating in K
    amps: np.ndarray  # factor on the current
    head: np.ndarray  # factor on the pressure


def record(draws, rows, fault="healthy", onset=None, failure=None, machine=None):
    """A recording `[rows, 6]` in the order of COLUMNS, the fault's severity (0 to 1) row by row, and the names of the
    sensors in which it shows, the strongest first.

    The fault begins at row `onset` (0-based) and is complete at row `failure`.
    """
    machine = machine or draw_machine(draws)
    time = np.arange(rows, dtype=np.float64)
    day = 0.08 * np.sin(2 * np.pi * (time / 480 + draws.uniform()))
    asked = steps(draws, rows, 0.42, 0.95, 40, 130) + day
    load = np.clip(follow(asked, 4.0) + 0.02 * wander(draws, rows, 5), 0.25, 1.05)
    drive = follow(steps(draws, rows, 0.72, 1.0, 60, 200), 3.0)
    severity = np.zeros(rows)
    if fault != "healthy":
        share = np.clip((time - onset) / (failure - onset), 0, 1)
        bent = draws.uniform(1.0, 1.7)
        severity = np.clip(share**bent + 0.035 * wander(draws, rows, 8) * (share > 0), 0, 1) * (share > 0)
    ones = np.ones(rows)
    state = State(load=load, speed=drive * (1 - 0.012 * load), vibration=0 * ones, roughness=0.07 * ones, cooling=1 * ones,
                  heat=0 * ones, amps=1 * ones, head=1 * ones)
    FAULTS[fault].change(state, severity, draws)

    speed = state.speed
    flow = load * (0.35 + 0.65 * speed)
    amps = (0.30 + 0.70 * load * (0.25 + 0.75 * speed**2)) * state.amps
    losses = 0.25 * speed + 0.75 * amps**2
    warm = follow(machine.heating * losses * state.cooling + state.heat, machine.inertia)
    pressure = machine.pressure * (speed**2 - 0.26 * flow**2) * state.head
    vibration = machine.vibration * (0.25 + 0.65 * speed**2 + 0.10 * load) + state.vibration
    readings = np.stack([
        machine.speed * speed + 1.2 * draws.normals(rows),
        100 * load + 0.4 * draws.normals(rows),
        np.maximum(vibration * (1 + state.roughness * draws.normals(rows)), 0.05),
        machine.ambient + 1.5 * np.sin(2 * np.pi * time / 1440) + warm + 0.25 * draws.normals(rows),
        machine.current * amps * (1 + 0.008 * draws.normals(rows)),
        pressure + 0.025 * draws.normals(rows),
    ], axis=1)
    misread = FAULTS[fault].misread(readings, severity, draws)
    return readings, severity, FAULTS[fault].sensors + misread
