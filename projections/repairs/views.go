// Package repairs answers where devices at their makers are, what their repair costs us,
// how far requisitions have come and what is owed to suppliers (§5.2). It holds rows and
// the SQL that gives them, and no rule of the trade. Stock that moves meanwhile is in
// parts.
package repairs

import "aftersales-ledger/projections"

// Views answers the questions of this room from the read models.
type Views struct{ *projections.ReadModels }

// Of returns the views that some read models serve.
func Of(m *projections.ReadModels) Views { return Views{m} }
