package match

import (
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/finding"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/projections"
	"cmp"
	"slices"
	"time"

	"github.com/shopspring/decimal"
)

// FindingDocument is a paper that a finding rests on.
type FindingDocument struct {
	// F1, ISSUE_SLIP, RETURN_SLIP, HAND_IN_SLIP, SHIPMENT, SCRAP_SLIP, TRANSFER_SLIP,
	// RECEIPT, COUNT_SHEET, F2, F2_SHIPPED, F2_RESULT, CHARGE, CREDIT_NOTE, CATALOGUE
	Kind       string             `json:"kind"`
	Number     string             `json:"number"`
	Project    domain.ProjectID   `json:"project,omitempty"`
	On         calendar.Date      `json:"on"`
	RecordedAt projections.Moment `json:"recordedAt"`
	Actor      string             `json:"actor" doc:"Who recorded it"`
	Position   uint64             `json:"position" doc:"Of its event in the log"`
}

// Closing is a person's decision to end a finding.
type Closing struct {
	Status   finding.Status  `json:"status"`
	Quantity decimal.Decimal `json:"quantity"`
	Value    money.Amount    `json:"value"`
	Reason   string          `json:"reason"`
	Evidence []string        `json:"evidence"`
	On       calendar.Date   `json:"on"`
	By       string          `json:"by"`
}

// InOrder sorts documents by the log and names each once.
func InOrder(documents []FindingDocument) []FindingDocument {
	slices.SortFunc(documents, func(a, b FindingDocument) int {
		return cmp.Or(cmp.Compare(a.Position, b.Position), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Number, b.Number))
	})
	return slices.Compact(documents)
}

// Step is one decision about a finding.
type Step struct {
	Step       string
	Class      finding.Class
	Project    domain.ProjectID
	Part       domain.PartCode
	Owner      string
	Closing    Closing `sql:",inline"`
	RecordedAt time.Time
	Position   uint64
}

// AsClosed is what the last closing of a finding said of it.
func AsClosed(key finding.Key, steps []Step) (f Finding, ok bool) {
	for _, s := range steps {
		if s.Step == "CLOSED" {
			f = Finding{
				Key: key, Class: s.Class, Project: s.Project, Part: s.Part, On: s.Closing.On, Quantity: s.Closing.Quantity,
				Value: projections.Figure{Amount: s.Closing.Value}, Documents: []FindingDocument{},
			}
			ok = true
		}
	}
	return f, ok
}

// Quantity is so many thousandths of a unit.
func Quantity(milli int64) decimal.Decimal { return decimal.New(milli, -3) }
