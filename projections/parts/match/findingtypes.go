package match

import (
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/finding"
	"aftersales-ledger/domain/money"
	"cmp"
	"slices"
	"time"

	"github.com/shopspring/decimal"
)

// Document is a paper that a finding rests on.
type Document struct {
	// F1, ISSUE_SLIP, RETURN_SLIP, HAND_IN_SLIP, SHIPMENT, SCRAP_SLIP, RECEIPT,
	// COUNT_SHEET, F2, F2_SHIPPED, F2_RESULT, CHARGE, CREDIT_NOTE, CATALOGUE
	Kind       string
	Number     string
	Project    domain.ProjectID
	On         calendar.Date
	RecordedAt time.Time
	Actor      string // who recorded it
	Position   uint64
}

// Closing is a person's decision to end a finding.
type Closing struct {
	Status   finding.Status
	Quantity decimal.Decimal
	Value    money.Amount
	Reason   string
	Evidence []string
	On       calendar.Date
	By       string
}

// InOrder sorts documents by the log and names each once.
func InOrder(documents []Document) []Document {
	slices.SortFunc(documents, func(a, b Document) int {
		return cmp.Or(cmp.Compare(a.Position, b.Position), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Number, b.Number))
	})
	return slices.Compact(documents)
}

// findingStep is one decision about a finding.
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

// DecidedFinding is what the last closing of a finding said of it.
func DecidedFinding(key finding.Key, steps []Step) (f Finding, ok bool) {
	for _, s := range steps {
		if s.Step == "CLOSED" {
			f = Finding{
				Key: key, Class: s.Class, Project: s.Project, Part: s.Part, On: s.Closing.On, Quantity: s.Closing.Quantity,
				Value: s.Closing.Value,
			}
			ok = true
		}
	}
	return f, ok
}

func Quantity(milli int64) decimal.Decimal { return decimal.New(milli, -3) }
