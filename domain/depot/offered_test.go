package depot_test

import (
	"errors"
	"testing"

	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/depot"
	"aftersales-ledger/domain/money"
)

// A part of which there is none may be misspelt: the refusal names it, and what there is.
func TestAPartThatIsNotInStockIsNamedWithWhatIs(t *testing.T) {
	on := today
	d := new(depot.Depot)
	d.Evolve(depot.PartReceived{
		Project: "P001", Receipt: "R1", Part: "VI-07A", Quantity: decimal.NewFromInt(2), Value: money.Fen(1), ReceivedOn: on,
	})
	_, err := d.Issue(depot.Issue{
		Project: "P001", Slip: "CK-1", Part: "VI-O7A", Quantity: decimal.NewFromInt(1),
		Asked: decimal.NewFromInt(1), Taker: "li", IssuedOn: on,
	}, on)
	var r *domain.Rejection
	if !errors.As(err, &r) || r.Field != "part" || r.Value != "VI-O7A" || r.Code != "above-stock" ||
		len(r.There) != 1 || r.There[0].ID != "VI-07A" {
		t.Errorf("%+v", r)
	}
}

func TestWhatWasCountedMayBeNothingAndNotLess(t *testing.T) {
	on := today
	for counted, want := range map[int64]string{
		0: "", -1: `lines[0].counted "-1" must not be less than 0, at most 1000000, with at most 3 decimals`,
	} {
		_, err := new(depot.Depot).Count(depot.Count{
			Project: "P001", Count: "PD-1", CountedBy: "li", CountedOn: on,
			Lines: []depot.Counted{{Part: "VI-07A", Counted: decimal.NewFromInt(counted)}},
		}, on)
		if said := domainText(err); said != want {
			t.Errorf("%d: %s", counted, said)
		}
	}
}

func domainText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
