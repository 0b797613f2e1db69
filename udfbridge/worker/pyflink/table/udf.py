"""Base classes and decorators of user-defined functions."""
import abc

from pyflink import _driver
from pyflink.metrics import MetricGroup

__all__ = ["AggregateFunction", "FunctionContext", "ScalarFunction", "TableAggregateFunction",
           "TableFunction", "UserDefinedFunction", "udaf", "udf", "udtaf", "udtf"]

__getattr__ = _driver.members(__name__)


class FunctionContext:
    """What open() gets: metrics and job parameters."""

    def __init__(self, base_metric_group, job_parameters):
        self._base_metric_group = base_metric_group
        self._job_parameters = job_parameters

    def get_metric_group(self) -> MetricGroup:
        return self._base_metric_group

    def get_job_parameter(self, key: str, default_value: str) -> str:
        return self._job_parameters.get(key, default_value)


class UserDefinedFunction(abc.ABC):
    """Base of all functions that are classes."""

    def open(self, function_context: FunctionContext):
        pass

    def close(self):
        pass

    def is_deterministic(self) -> bool:
        return True


class ScalarFunction(UserDefinedFunction):
    @abc.abstractmethod
    def eval(self, *args):
        pass


class TableFunction(UserDefinedFunction):
    @abc.abstractmethod
    def eval(self, *args):
        pass


class ImperativeAggregateFunction(UserDefinedFunction):
    @abc.abstractmethod
    def create_accumulator(self):
        pass

    @abc.abstractmethod
    def accumulate(self, accumulator, *args):
        pass

    def retract(self, accumulator, *args):
        raise RuntimeError("Method retract is not implemented")

    def merge(self, accumulator, accumulators):
        raise RuntimeError("Method merge is not implemented")

    def get_result_type(self):
        raise RuntimeError("Method get_result_type is not implemented")

    def get_accumulator_type(self):
        raise RuntimeError("Method get_accumulator_type is not implemented")


class AggregateFunction(ImperativeAggregateFunction):
    @abc.abstractmethod
    def get_value(self, accumulator):
        pass


class TableAggregateFunction(ImperativeAggregateFunction):
    @abc.abstractmethod
    def emit_value(self, accumulator):
        pass


class Declared:
    """A function with its declaration: what udf() and its like return.

    The worker takes the function out of it; called from another function it is
    the plain function.
    """

    def __init__(self, func, deterministic, name, func_type):
        if isinstance(func, type) or not (callable(func) or isinstance(func, UserDefinedFunction)):
            raise TypeError("Invalid function: not a function or callable (__call__ is not defined): %s"
                            % type(func))
        self._func, self._deterministic, self._func_type = func, deterministic, func_type
        self._name = name or getattr(func, "__name__", type(func).__name__)

    def __call__(self, *args, **kwargs):
        call = self._func.eval if isinstance(self._func, UserDefinedFunction) else self._func
        return call(*args, **kwargs)


def udf(f=None, input_types=None, result_type=None, deterministic=None, name=None,
        func_type="general", udf_type=None):
    """Declares a scalar function; without f it is a decorator."""
    def declare(func):
        return Declared(func, deterministic, name, udf_type or func_type)
    return declare if f is None else declare(f)


def udtf(f=None, input_types=None, result_types=None, deterministic=None, name=None):
    """Declares a table function; without f it is a decorator."""
    return udf(f, deterministic=deterministic, name=name)


def udaf(f=None, input_types=None, result_type=None, accumulator_type=None, deterministic=None,
         name=None, func_type="general"):
    """Declares an aggregate function; without f it is a decorator."""
    return udf(f, deterministic=deterministic, name=name, func_type=func_type)


def udtaf(f=None, input_types=None, result_type=None, accumulator_type=None, deterministic=None,
          name=None, func_type="general"):
    """Declares a table aggregate function; without f it is a decorator."""
    return udf(f, deterministic=deterministic, name=name, func_type=func_type)
