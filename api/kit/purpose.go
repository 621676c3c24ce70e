package kit

import (
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
)

// Purpose is the one thing that credentials are for which were not given out by
// signing in: a center's statement of a quarter.
type Purpose struct {
	Center  domain.CenterID
	Quarter calendar.Quarter
}

// PurposeOperations are what credentials for one statement are good for: to look at
// it, print it, keep a file for its answer, and answer it.
var PurposeOperations = []string{
	"statements", "statement-form", "confirm-statement", "dispute-charge", "store-attachment",
}

// covers reports whether a request is within the purpose. What it names must be the
// center and the quarter; nothing else of it names another.
func (p *Purpose) covers(ctx huma.Context) bool {
	op := ctx.Operation()
	if !slices.Contains(PurposeOperations, op.OperationID) {
		return false
	}
	return !strings.Contains(op.Path, "{center}") ||
		ctx.Param("center") == string(p.Center) && ctx.Param("quarter") == p.Quarter.String()
}
