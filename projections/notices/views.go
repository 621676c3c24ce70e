// Package notices answers what was sent to whom, and what became of it. It holds rows and
// the SQL that gives them, and no rule of the trade. What is sent when is a rule of
// domain/notice.
package notices

import "aftersales-ledger/projections"

// Views answers the questions of this room from the read models.
type Views struct{ *projections.ReadModels }

// Of returns the views that some read models serve.
func Of(m *projections.ReadModels) Views { return Views{m} }
