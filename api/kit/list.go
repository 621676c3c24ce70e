package kit

import (
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"aftersales-ledger/projections"
)

// Paged is part of every answer that comes in pages.
type Paged struct {
	Basis
	Next string `json:"next,omitempty"`
}

// PagedOf says what a page rests on, and which comes next.
func PagedOf[R any](l projections.List[R]) Paged { return Paged{BasisOf(l.Answer), l.Next} }

// NextPage is the cursor of the next page, empty on the last.
func (p *Paged) NextPage() string { return p.Next }

// List is a page of a view's rows, served as the view has them. An answer that has
// more to it names its rows and its page itself.
type List[R any] struct {
	Rows []R `json:"rows"`
	Paged
}

// ListOf is the answer that serves a page.
func ListOf[R any](l projections.List[R]) List[R] { return List[R]{l.Rows, PagedOf(l)} }

// bareNames are rows of views that the API's description has always called what
// they are called here.
var bareNames = map[string]bool{
	"BreakdownRow": true, "ChargeReportBridgeRow": true, "CollectionTotal": true, "FilingRow": true,
	"FindingDocument": true, "OpenFinding": true, "PartLine": true, "PartsAuditLine": true, "ReconciliationRow": true,
	"ReviewRow": true, "RollForwardRow": true, "StockLine": true, "TrialBalanceRow": true,
}

// SchemaName is what a type is called in the API's description. A row that a view
// serves is the body of an answer there.
func SchemaName(t reflect.Type, hint string) string {
	name := huma.DefaultSchemaNamer(t, hint)
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if strings.Contains(t.PkgPath(), "/projections/") && !bareNames[name] {
		name += "Body"
	}
	return strings.Map(func(c rune) rune {
		if notOfAName(c) {
			return -1 // of an unnamed type, such as struct {}
		}
		return c
	}, name)
}
