#!/usr/bin/env python3
"""What pandas reads from the shared recordings: the reference of SensorSharedDataTests.

Prints one line a file: path, rows, channels (columns without the time and without text), missing values, and the
float64 sum of all values rounded to float32 first. Usage: sensor_csv.py SHARED_FOLDER
"""
import sys
from pathlib import Path

import numpy as np
import pandas as pd

FILES = [
    ("industrial/tep/train/d01.csv.gz", "time_min"),
    ("industrial/cmapss_fd001/train_FD001.csv.gz", "cycle"),
    ("industrial/assetopsbench/chiller6_june2020.csv.gz", "timestamp"),
    ("industrial/skab/valve1/0.csv.gz", "datetime"),
    ("industrial/cwru/B007_0.csv.gz", "time_s"),
    ("industrial/hydraulic/temperatures.csv.gz", "time_s"),
    ("industrial/nab/realKnownCause/nyc_taxi.csv.gz", "timestamp"),
    ("industrial/ai4i2020/ai4i2020.csv", None),
]

root = Path(sys.argv[1]) / "data"
for name, time in FILES:
    table = pd.read_csv(root / name, na_values=["-", "null"])
    if time:
        stamps = table.pop(time)
        if not pd.api.types.is_numeric_dtype(stamps):
            stamps = pd.to_datetime(stamps).astype("datetime64[ns]").astype("int64") / 1e9
        clock = float(stamps.astype("float64").sum())
    else:
        clock = 0.0
    table = table.select_dtypes("number")
    values = table.to_numpy(np.float64).astype(np.float32)
    print(f'("{name}", {values.shape[0]}, {values.shape[1]}, {int(np.isnan(values).sum())}, '
          f"{float(np.nansum(values.astype(np.float64)))!r}, {clock!r}),")
