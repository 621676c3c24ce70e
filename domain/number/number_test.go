package number_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/number"
)

func TestANumberHasOneHolder(t *testing.T) {
	claimed := number.DocumentNumberClaimed{Series: number.FaultRecord, Number: "F1-1", Holder: "ticket-F0-1"}
	n := &number.Number{}
	got, err := n.Claim("line", claimed)
	if diff := cmp.Diff([]number.Event{claimed}, got); diff != "" || err != nil {
		t.Fatalf("the first claim: %v %s", err, diff)
	}
	n.Evolve(claimed)
	if got, err := n.Claim("line", claimed); len(got) != 0 || err != nil {
		t.Errorf("the same claim again: %v, %v", got, err)
	}
	other := claimed
	other.Holder = "ticket-F0-2"
	got, err = n.Claim("line", other)
	var r *domain.Rejection
	if len(got) != 0 || !errors.As(err,
		&r) || r.Code != "number-taken" || r.Field != "line" || r.Kind != domain.KindConflict {
		t.Errorf("another's claim: %v, %v", got, err)
	}
}
