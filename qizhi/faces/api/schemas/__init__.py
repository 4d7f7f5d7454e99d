"""The shapes of what comes in and what goes out.

What comes in is validated by these; what goes out is built from plain values by `telling` and only described here,
for the OpenAPI document; tests hold every answer against them. Moments are ISO 8601 with the county's offset, days
ISO 8601, places the statistical code, degrees WGS 84.
"""
