// Package sqlclient is `pyfc sql`: statements are executed one after the other
// in one catalog, as a script's execute_sql would, and a query's rows are shown
// while its job runs.
//
// client.go takes text apart into statements and executes them, job.go builds
// and runs their jobs, views.go has the forms in which rows are shown,
// complete.go and terminal.go are for who types.
package sqlclient
