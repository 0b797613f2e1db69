"""The part of PyFlink's API that Python functions use at run time.

It stands in for an installed apache-flink, so that a worker needs neither that
package nor Java. What belongs to the driver program only (environments, tables,
connectors, expressions) can be imported, but stands for nothing: see _driver.
"""
from pyflink import _driver

__version__ = "1.20.1"

_driver.install()
