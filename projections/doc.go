// Package projections keeps the read models in ClickHouse: tables of facts that
// a projector fills from the event log, and the queries over them.
//
// Everything here can be dropped and rebuilt from the log, to the same figures.
// The facts are immutable rows keyed by the event's position in the log and the
// row's number within the event, so that an event delivered twice changes
// nothing, and so that "as of a business date" and "as known at a moment" are
// conditions of a query rather than features of a table.
//
// The package knows neither the event store nor the API: it takes events from a
// [Source], and hands typed rows to whoever asks.
package projections
