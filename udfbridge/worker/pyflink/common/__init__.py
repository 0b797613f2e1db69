"""Common types: Row and RowKind are real, the rest belongs to the driver."""
from pyflink import _driver
from pyflink.common.types import Row, RowKind

__all__ = ["Row", "RowKind"]

__getattr__ = _driver.members(__name__)
