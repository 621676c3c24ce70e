// Package user keeps the people who are let in: who they are, which roles of the
// procedure (§4) they hold, how far each reaches and from when until when, and
// who granted it for which reason.
package user
