package access_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/calendar"
)

func TestTwoReachesTogetherNameWhatEitherNames(t *testing.T) {
	east := access.Reach{Regions: []string{"华东"}, Projects: []domain.ProjectID{"P002", "P001"}}
	got := east.And(access.Reach{Regions: []string{"华东", "华南"}, Centers: []domain.CenterID{"C01"}})
	want := access.Reach{
		Regions: []string{"华东", "华南"}, Projects: []domain.ProjectID{"P001", "P002"}, Centers: []domain.CenterID{"C01"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(access.Everything(), east.And(access.Everything())); diff != "" {
		t.Error(diff)
	}
	if !(access.Reach{}).Nothing() || east.Nothing() || access.Everything().Nothing() {
		t.Error("only the reach that names nothing is nothing")
	}
}

func TestAGrantIsInForceFromItsFirstDayToItsLast(t *testing.T) {
	first, last := calendar.NewDate(2026, time.March, 1), calendar.NewDate(2026, time.March, 31)
	g := access.Grant{From: first, Until: last}
	for day, want := range map[calendar.Date]bool{first - 1: false, first: true, last: true, last + 1: false} {
		if g.On(day) != want {
			t.Errorf("in force on %s: %t", day, !want)
		}
	}
	if g.Until = 0; !g.On(last + 1000) {
		t.Error("a grant without a last day has ended")
	}
}
