// Package parts answers what the depots hold and what moved there, where the units of a
// serial number have been, and what the comparison of issues with fault records finds
// (§5.1.3). It holds rows and the SQL that gives them, and no rule of the trade. The
// comparison itself is pure and has its own package, match.
package parts

import "aftersales-ledger/projections"

// Views answers the questions of this room from the read models.
type Views struct{ *projections.ReadModels }

// Of returns the views that some read models serve.
func Of(m *projections.ReadModels) Views { return Views{m} }
