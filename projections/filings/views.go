// Package filings answers who filed, reviewed and sent the forms of a month, and what is
// missing (§5.1.3, §5.1.4, §5.3.3). It holds rows and the SQL that gives them, and no rule of the trade.
// The figures on a form come from the rooms they are about.
package filings

import "aftersales-ledger/projections"

// Views answers the questions of this room from the read models.
type Views struct{ *projections.ReadModels }

// Of returns the views that some read models serve.
func Of(m *projections.ReadModels) Views { return Views{m} }
