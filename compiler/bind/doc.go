// Package bind turns unbound statements and Table API calls into typed,
// resolved plans (package ir).
//
// Binding is eager, as in Flink: each call of the Table API and each statement
// is bound when the driver makes it, against the catalog as it is then. A
// Session holds that catalog: tables, views and functions by name.
//
// An expression is bound in one walk, operands first. A name is looked up in
// the scope, which is the columns of the relation that the clause reads; a
// function first among those that the driver registered, then among the
// aggregates, then among the built-in ones. Every bound expression has a type;
// where two types must become one, an implicit cast is put in, and constants
// are converted at once. What Flink writes as a function but has no
// implementation of its own here (BETWEEN, COALESCE, IS TRUE, …) becomes CASE
// and comparisons.
//
// The two dialects differ in rules that this package keeps side by side: SQL
// names columns EXPR$n, makes equal names unique (a, a0), compares text with
// numbers and finds a column of the input again in the output of GROUP BY; the
// Table API names them _cn and EXPR$n, refuses equal names, compares only like
// with like and sees nothing but the keys behind group_by. A string expression
// of the legacy API is the Table API's.
//
// Aggregation works on the bound expression. An aggregate call binds its
// arguments over the input, is noted in the aggregation, equal calls once, and
// leaves a placeholder. When all items are bound the plan is put together: a
// projection of keys and arguments, the aggregate, and a projection of the
// items in which keys and placeholders have become columns of the aggregate.
// A column of the input that is left over isn't grouped.
//
// Faults are reported to the session's list, all of a statement at once. A
// faulty expression yields one of the invalid type, and whatever is computed
// of it is invalid too, without a further report; a relation that cannot be
// known at all is nil, and every method takes nil for its input and returns
// nil.
package bind
