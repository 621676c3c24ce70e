package books_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"aftersales-ledger/domain/books"
	"aftersales-ledger/domain/depot"
	"aftersales-ledger/domain/money"
)

// TestStockIsBookedAtCost: what is in the depots is on account 1405, and each
// movement says from where it came or to where it went.
func TestStockIsBookedAtCost(t *testing.T) {
	on, worth := day("2026-06-30"), yuan("67.00")
	for name, tc := range map[string]struct {
		event depot.Event
		want  []string // account amount date quarter
	}{
		"bought":                       {depot.PartReceived{Project: "P001", Value: worth, Source: depot.Purchase, ReceivedOn: on}, []string{"1405 67.00", "2202.1 -67.00"}},
		"back from its maker":          {depot.PartReceived{Project: "P001", Value: worth, Source: depot.FromMaker, ReceivedOn: on}, []string{"1405 67.00", "6402.9 -67.00"}},
		"there already":                {depot.PartReceived{Project: "P001", Value: worth, Source: depot.OpeningStock, ReceivedOn: on}, []string{"1405 67.00", "9000 -67.00"}},
		"for nothing":                  {depot.PartReceived{Project: "P001", Source: depot.FromMaker, ReceivedOn: on}, nil},
		"issued":                       {depot.PartIssued{Project: "P001", Value: worth, IssuedOn: on}, []string{"6402 67.00", "1405 -67.00"}},
		"returned unused":              {depot.PartReturned{Project: "P001", Value: worth, ReturnedOn: on}, []string{"1405 67.00", "6402 -67.00"}},
		"sent to another project":      {depot.PartTransferredOut{Project: "P001", Value: worth, TransferredOn: on}, []string{"1405.9 67.00", "1405 -67.00"}},
		"arrived from another project": {depot.PartTransferredIn{Project: "P001", Value: worth, ReceivedOn: on}, []string{"1405 67.00", "1405.9 -67.00"}},
		"scrapped from stock":          {depot.PartScrapped{Project: "P001", Condition: depot.Good, Value: worth, ScrappedOn: on}, []string{"6403 67.00", "1405 -67.00"}},
		"scrapped from the shelf":      {depot.PartScrapped{Project: "P001", Condition: depot.Faulty, ScrappedOn: on}, nil},
		"missing":                      {depot.StockAdjusted{Project: "P001", Value: worth.Neg(), AdjustedOn: on}, []string{"1405 -67.00", "6403 67.00"}},
		"found":                        {depot.StockAdjusted{Project: "P001", Value: worth, AdjustedOn: on}, []string{"1405 67.00", "6403 -67.00"}},
		"counted":                      {depot.StockCounted{Project: "P001", CountedOn: on}, nil},
		"handed in":                    {depot.FaultyUnitHandedIn{Project: "P001", HandedInOn: on}, nil},
		"sent to its maker":            {depot.FaultyUnitsShipped{Project: "P001", ShippedOn: on}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			var sum money.Amount
			for _, p := range books.AppendPostings(nil, tc.event) {
				got, sum = append(got, fmt.Sprint(p.Account, " ", p.Amount)), sum.Add(p.Amount)
				if p.On != on || p.Posted != q2 || p.Project != "P001" {
					t.Errorf("booked as %+v", p)
				}
			}
			if diff := cmp.Diff(tc.want, got); diff != "" || !sum.IsZero() {
				t.Errorf("%s\nsum %s", diff, sum)
			}
		})
	}
}
