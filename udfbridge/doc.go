// Package udfbridge calls a job's Python functions in Python worker processes.
//
// A Call is an operator of the dataflow. It turns argument columns of its rows
// into Arrow record batches, streams them to a worker over gRPC (udf.proto),
// and puts the results into its output rows, in input order. Each Call has a
// worker of its own, got from the job's Pool: a child process, or one that
// serves at an address. The worker is the Python package in worker/, which is
// embedded here; package python finds or makes the Python that it runs in.
//
// The way of a batch: Call.Process (call.go) → requests (pending.go, codec.go)
// → session (session.go) → worker → Call.answer. Rows are kept until they are
// answered; when a worker dies, another one gets them, and at a checkpoint's
// barrier they go into the snapshot.
//
// An Agg is the operator of aggregate functions. It keeps their accumulators as
// bytes by key, and waits for the worker, which gets a bundle of rows with the
// accumulators of its groups and gives them back with the results.
package udfbridge

//go:generate ./generate.sh
