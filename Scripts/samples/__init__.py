"""Simulated scans and sensor recordings with known findings and faults, made by Scripts/make-samples."""
