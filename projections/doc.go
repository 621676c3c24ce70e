// Package projections keeps the read models in ClickHouse: tables of facts that
// a projector fills from the event log, and the queries over them.
//
// Everything here can be dropped and rebuilt from the log, to the same figures.
// The facts are immutable rows keyed by the event's position in the log and the
// row's number within the event, so that an event delivered twice changes
// nothing, and so that "as of a business date" and "as known at a moment" are
// conditions of a query rather than features of a table.
//
// The row of a view is one struct: its fields are read by the names of the columns
// that its SQL gives ([ListOf], [All], [Each]), and served under their names in JSON. A
// column more is a name in the SQL and a field with its tags; a figure that follows
// from others is a field that the row's Derive fills.
//
// The package knows neither the event store nor the API: it takes events from a
// [Source], and hands typed rows to whoever asks.
package projections
