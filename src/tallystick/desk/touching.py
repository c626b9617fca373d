"""Whether a place may lie in a box: the disc that its words reach touches it."""

from __future__ import annotations

import math

_DEGREE = 111.195  # kilometres of one degree of latitude, on a sphere of the earth's mean radius


def touches(
    latitude: float | None,
    longitude: float | None,
    radius_km: float | None,
    west: float,
    south: float,
    east: float,
    north: float,
) -> bool:
    """Whether a disc touches a box of degrees; east may be beyond 180, or less than west (line of dates).

    What has no coordinates touches none. Where the box goes all around, only latitudes count.
    """
    if latitude is None or longitude is None:
        return False
    reach = (radius_km or 0.0) / _DEGREE
    if not south - reach <= latitude <= north + reach:
        return False
    spare = reach / max(0.01, math.cos(math.radians(latitude)))
    wide = (east - west) % 360.0 or 360.0
    return (longitude - west + spare) % 360.0 <= wide + 2 * spare
