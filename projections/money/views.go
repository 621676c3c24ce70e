// Package money answers what the centers owe, and why: receivables, charges, statements,
// payments, disputes, collection and the trial balance (§5.3). It holds rows and the SQL
// that gives them, and no rule of the trade. What our suppliers are owed is in repairs.
package money

import "aftersales-ledger/projections"

// Views answers the questions of this room from the read models.
type Views struct{ *projections.ReadModels }

// Of returns the views that some read models serve.
func Of(m *projections.ReadModels) Views { return Views{m} }
