// Package bind turns unbound statements and Table API calls into typed,
// resolved plans (package ir).
//
// Binding is eager, as in Flink: each call of the Table API and each statement
// is bound when the driver makes it, against the catalog as it is then. A
// Session holds that catalog: tables, views and functions by name.
//
// An expression is bound in one walk, operands first. A name is looked up in
// the scope, which is the columns of the relation that the clause reads, with
// the tables of FROM that they come from (scope.go), and then in the query
// around (subquery.go), or for what is lateral among the tables before it; a
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
// A sub-query is bound on its own. What it takes from the query around becomes
// a parameter, and in the expression stands a node whose operands are the
// parameters' values, so that grouping and projection treat it like a function
// of them. When the operator of the expression is put together, the node is
// replaced by a join (attach.go): a semi join where a condition of WHERE asks
// whether there is a row, an anti join where there must be none, else an outer
// join whose result has the value, or a mark that there was a row, as a column.
//
// For that the query must be free of parameters (decorrelate.go, lift.go), by
// the way of Neumann and Kemper with two shortcuts. Conditions with parameters
// are lifted through the operators up to the join. An operator that would mix
// the rows for different values (an aggregate, a window) takes what an equality
// compares with among its keys, and the equality goes on up. Only where neither
// is possible, the operator's input is joined with the values that the
// parameters have in the relation around, each combination once; from there on
// the parameters are columns. An aggregate without GROUP BY has a row also for
// values that have no rows: the constants that it has then are carried along
// and put in behind the outer join.
//
// Faults are reported to the session's list, all of a statement at once. A
// faulty expression yields one of the invalid type, and whatever is computed
// of it is invalid too, without a further report; a relation that cannot be
// known at all is nil, and every method takes nil for its input and returns
// nil.
package bind
