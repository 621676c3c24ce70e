// Package generated is a client of the API as oapi-codegen, a public generator,
// makes it of the server's own document: the proof that others can make theirs. It
// has the operations of a quarter, from the opening of a center to its payment, and
// nothing of the ledger uses it.
package generated
