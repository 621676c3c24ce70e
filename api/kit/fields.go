package kit

import (
	"context"
	"slices"

	"aftersales-ledger/domain/access"
)

// FieldGroup is a group of fields that not everybody sees who sees the rest of a row.
type FieldGroup string

// Receivable are the fields that say what a center owes: what is open of a charge, how
// late it is, and what was paid of it.
const Receivable FieldGroup = "receivable"

// Cost are the fields that say what parts cost us.
const Cost FieldGroup = "cost"

// Hides reports whether whoever asks does not see a group of fields of what lies at a
// place: by the line of the table that they ask by, or because the center whose account
// it is does not lie within their scope.
func Hides(ctx context.Context, group FieldGroup, at access.Place) bool {
	a := askerOf(ctx)
	return a.action == nil || slices.Contains(a.action.ClosedFields[group], a.actor.Role) ||
		!a.scope.Has(access.Place{Center: at.Center})
}

// Closed reports whether whoever asks sees a group of fields of nothing at all.
func Closed(ctx context.Context, group FieldGroup) bool {
	a := askerOf(ctx)
	return a.action == nil || slices.Contains(a.action.ClosedFields[group], a.actor.Role)
}
