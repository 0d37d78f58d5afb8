"""Simulated Google Cloud. What is immutable, defaulted and refused was read in the real provider's own resource schemas."""
