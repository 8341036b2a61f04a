"""Writes Tests/Fixtures/Metrics/events.json: recordings as windows, the events that a rule makes of them, and scores.

Written from the rule's words alone, with lists of all windows instead of a running state. Standard library only.
Run from the package's root: python Scripts/reference/event_fixtures.py
"""
import json
import pathlib
import random
import statistics

FAULTS = ("wear", "leak")


def stretches(windows, k, n, release, hold):
    """Events as (window of the start, fault, window of the first sign, last window, named windows)."""
    up = [w["alarm"] is not None or w["danger"] >= release for w in windows]
    events, at = [], 0
    while at < len(windows):
        # The stretch begins with the first window at which k of the last n alarm alike; looks back no further than `at`.
        start = fault = None
        for i in range(at, len(windows)):
            last = windows[max(at, i - n + 1):i + 1]
            name = windows[i]["alarm"]
            if name and sum(w["alarm"] == name for w in last) >= k:
                start, fault = i, name
                break
        if start is None:
            break
        sign = start
        quiet = 0
        for i in range(start, at - 1, -1):
            if up[i]:
                sign, quiet = i, 0
            else:
                quiet += 1
                if quiet > n - k:
                    break
        # It ends with the last of `hold` quiet windows in a row.
        end, quiet = len(windows), 0
        for i in range(start + 1, len(windows)):
            quiet = 0 if up[i] else quiet + 1
            if quiet == hold:
                end = i + 1
                break
        found = [(start, fault, sign)]
        for i in range(start + 1, end):
            name = windows[i]["alarm"]
            if name and all(name != f for _, f, _ in found):
                last = windows[max(at, i - n + 1):i + 1]
                if len(last) == n and all(w["alarm"] == name for w in last):
                    found.append((i, name, i - n + 1))
        for begun, name, first in found:
            low = max(at, begun - n + 1)
            named = [i for i in range(low, end) if windows[i]["alarm"] == name]
            events.append({"start": begun, "fault": name, "sign": first, "windows": len(named)})
        at = end
    return events


def draw(rng):
    """A recording whose truth changes now and then, with an answer that errs."""
    windows, truth, astray, wrong = [], None, 0, None
    row, seconds = 60, rng.choice((None, 0.0))
    for _ in range(rng.randint(30, 90)):
        if rng.random() < 0.06:
            truth = rng.choice((None, None) + FAULTS)
        if astray == 0 and rng.random() < 0.05:
            astray, wrong = rng.randint(2, 7), rng.choice(FAULTS)
        answer = wrong if astray else truth if rng.random() < 0.8 else rng.choice((None, None) + FAULTS)
        astray = max(0, astray - 1)
        danger = rng.uniform(0.5, 1) if answer else rng.choice((rng.uniform(0, 0.25), rng.uniform(0, 0.6)))
        step = rng.choice((20, 20, 40))
        row += step
        if seconds is not None:
            seconds += step * 60.0
        windows.append({"row": row, "truth": truth, "alarm": answer, "danger": round(danger, 3),
                        "span": None if seconds is None else [seconds - 3600.0, seconds]})
    return windows


def score(recordings, events):
    truth = detected = named = surplus = false = normal = total = 0
    rows, seconds, covered = [], [], []
    timed_delays = timed_normal = True
    for windows, found in zip(recordings, events):
        total += len(windows)
        quiet = [w for w in windows if w["truth"] is None]
        normal += len(quiet)
        false += sum(windows[e["start"]]["truth"] is None for e in found)
        if all(w["span"] for w in windows):
            minutes = set()
            for w in quiet:
                minutes.update(range(int(w["span"][0] // 60), int(w["span"][1] // 60)))
            covered.append(60.0 * len(minutes))
        elif quiet:
            timed_normal = False
        i = 0
        while i < len(windows):
            j = i
            while j < len(windows) and windows[j]["truth"] == windows[i]["truth"]:
                j += 1
            if windows[i]["truth"]:
                truth += 1
                inside = [e for e in found if i <= e["start"] < j]
                if inside:
                    detected += 1
                    first = min(e["start"] for e in inside)
                    rows.append(windows[first]["row"] - windows[i]["row"])
                    if windows[first]["span"]:
                        seconds.append(windows[first]["span"][1] - windows[i]["span"][1])
                    else:
                        timed_delays = False
                named += any(e["fault"] == windows[i]["truth"] for e in inside)
            i = j
    count = sum(map(len, events))
    precision, recall = detected / count, detected / truth
    return {"recordings": len(recordings), "windows": total, "normalWindows": normal, "truth": truth, "detected": detected,
            "named": named, "events": count, "precision": precision, "recall": recall,
            "f1": 2 * precision * recall / (precision + recall), "delayRowsMedian": statistics.median(rows),
            "delayRowsWorst": max(rows), "delaySecondsMedian": statistics.median(seconds) if timed_delays else None,
            "delaySecondsWorst": max(seconds) if timed_delays else None, "falseAlarms": false,
            "falseAlarmsPer1000Windows": 1000 * false / normal,
            "falseAlarmsPerWeek": false / (sum(covered) / 604800) if timed_normal else None}


def case(seed, k, n, release, hold, timed):
    rng = random.Random(seed)
    recordings = [draw(rng) for _ in range(6)]
    for windows in recordings:
        if timed and windows[0]["span"] is None:
            for w in windows:
                w["span"] = [w["row"] * 60.0 - 3600.0, w["row"] * 60.0]
    events = [stretches(windows, k, n, release, hold) for windows in recordings]
    return {"k": k, "n": n, "release": release, "hold": hold, "recordings": recordings, "events": events,
            "figures": score(recordings, events)}


cases = [case(1, 3, 5, 0.3, 5, True), case(2, 3, 5, 0.3, 2, False), case(3, 2, 3, 0.4, 4, True),
         case(4, 1, 1, 0.3, 1, True), case(5, 4, 4, 0.2, 8, True)]
out = pathlib.Path("Tests/Fixtures/Metrics/events.json")
out.parent.mkdir(parents=True, exist_ok=True)
out.write_text(json.dumps(cases, separators=(",", ":")) + "\n")
