"""The table API as far as functions need it; the rest belongs to the driver."""
from pyflink import _driver
from pyflink.common import Row, RowKind
from pyflink.table.data_view import DataView, ListView, MapView
from pyflink.table.types import DataTypes
from pyflink.table.udf import (AggregateFunction, FunctionContext, ScalarFunction,
                               TableAggregateFunction, TableFunction)

__all__ = ["AggregateFunction", "DataTypes", "DataView", "FunctionContext", "ListView", "MapView",
           "Row", "RowKind", "ScalarFunction", "TableAggregateFunction", "TableFunction"]

__getattr__ = _driver.members(__name__)
