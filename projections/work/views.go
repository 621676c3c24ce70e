// Package work answers who serves which project, how its tickets, visits and escalations
// stand, and what a month came to (§5.1, §5.4). It holds rows and the SQL that gives them,
// and no rule of the trade. What a ticket costs is in money.
package work

import "aftersales-ledger/projections"

// Views answers the questions of this room from the read models.
type Views struct{ *projections.ReadModels }

// Of returns the views that some read models serve.
func Of(m *projections.ReadModels) Views { return Views{m} }
