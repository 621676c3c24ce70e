package projections_test

import (
	"regexp"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/catalogue"
	"aftersales-ledger/domain/depot"
	"aftersales-ledger/domain/finding"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/domain/pricelist"
	"aftersales-ledger/domain/repair"
	"aftersales-ledger/domain/ticket"
	"aftersales-ledger/projections"
	"aftersales-ledger/projections/match"
)

// The papers of the cases below: of project P1, camera CAM, 10 July, unless said
// otherwise.

var july10 = projections.Day("2026-07-10")

func stocked() domain.Event {
	return depot.PartReceived{
		Project: "P1", Receipt: "IN-1", Part: "CAM", Quantity: units("10"), Value: projections.Yuan("2600.00"),
		Source: depot.OpeningStock, ReceivedOn: projections.Day("2026-07-01"),
	}
}

// came is one unit into the depot of P1, and sent is one out of it.
func came(receipt domain.SlipID, serial string, on calendar.Date) domain.Event {
	return depot.PartReceived{
		Project: "P1", Receipt: receipt, Part: "CAM", Quantity: units("1"), Value: projections.Yuan("260.00"),
		Serials: []string{serial}, ReceivedOn: on,
	}
}

func sent(transfer domain.SlipID, serial string, on calendar.Date) domain.Event {
	return depot.PartTransferredOut{
		Project: "P1", Transfer: transfer, Part: "CAM", Quantity: units("1"), Value: projections.Yuan("260.00"),
		Serials: []string{serial}, To: "P2", TransferredOn: on,
	}
}

func replaced(line domain.FaultLineID, change ...func(*ticket.FaultRecorded)) domain.Event {
	e := ticket.FaultRecorded{
		Ticket: "T1", Line: line, Project: "P1", Bearer: policy.Us, RecordedOn: july10,
		Replacement: &ticket.Replacement{Part: "CAM", Quantity: units("1")},
	}
	for _, c := range change {
		c(&e)
	}
	return e
}

func issued(slip domain.SlipID, line domain.FaultLineID, change ...func(*depot.PartIssued)) domain.Event {
	e := depot.PartIssued{
		Project: "P1", Slip: slip, Part: "CAM", Quantity: units("1"), Value: projections.Yuan("260.00"), FaultLine: line,
		IssuedOn: july10,
	}
	for _, c := range change {
		c(&e)
	}
	return e
}

func handedIn(line domain.FaultLineID, serials ...string) domain.Event {
	return depot.FaultyUnitHandedIn{
		Project: "P1", Slip: domain.SlipID("JH-" + string(line)), Part: "CAM", Quantity: units("1"), Serials: serials,
		FaultLine: line, HandedInOn: july10,
	}
}

func shipped(units ...depot.FaultyUnit) domain.Event {
	return depot.FaultyUnitsShipped{
		Project: "P1", Shipment: "FC-1", Maker: "海康", Units: units, ShippedOn: july10,
		ExpectedBackOn: projections.Day("2026-07-31"),
	}
}

func counted(sheet domain.SlipID, on string, q string) domain.Event {
	return depot.StockCounted{
		Project: "P1", Count: sheet, Lines: []depot.Counted{{Part: "CAM", Counted: units(q)}}, CountedOn: projections.Day(on),
		By: "钱",
	}
}

func chargedFor(line domain.FaultLineID) account.ChargeAccrued {
	return account.ChargeAccrued{
		Charge: "F3-1", Center: "C1", Project: "P1", Ticket: "T1", FaultLine: line, Kind: pricelist.Part,
		Money: money.Line{Net: projections.Yuan("300.00"), Gross: projections.Yuan("300.00")}, OccurredOn: july10,
		Posted: july10.Quarter(),
	}
}

// TestEveryClassIsRaisedAndCleared gives each class papers that raise it, and one
// more that clears it.
func TestEveryClassIsRaisedAndCleared(t *testing.T) {
	type raised struct {
		Key             finding.Key
		Quantity, Value string
		English         string
	}
	one := []domain.Event{stocked(), replaced("F1-1"), handedIn("F1-1")}
	with := func(papers ...domain.Event) []domain.Event { return append(slices.Clone(one), papers...) }
	tests := map[string]struct {
		papers []domain.Event
		asOf   string // default 2026-08-31
		want   []raised
		then   domain.Event // clears it
		later  string       // a date clears it
		stays  finding.Key  // of want, that then does not clear
	}{
		"issued without a fault record, until the record comes": {
			papers: []domain.Event{stocked(), issued("OUT-1", "F1-1"), handedIn("F1-1")},
			want: []raised{
				{"ISSUE_NO_FAULT:P1/OUT-1", "1", "260.00", "Slip OUT-1 of P1 issued 1 of CAM for F1-1, which does not exist or replaced nothing: 260.00 yuan in question."},
			},
			then: replaced("F1-1"),
		},
		"issued without naming a record, until the unit comes back": {
			papers: []domain.Event{stocked(), issued("OUT-1", "")},
			want: []raised{
				{"ISSUE_NO_FAULT:P1/OUT-1", "1", "260.00", "Slip OUT-1 of P1 issued 1 of CAM without a fault record: 260.00 yuan in question."},
			},
			then: depot.PartReturned{
				Project: "P1", Slip: "TK-1", Issue: "OUT-1", Part: "CAM", Quantity: units("1"), Value: projections.Yuan("260.00"),
				ReturnedOn: july10,
			},
		},
		"replaced without an issue, until the slip comes": {
			papers: one,
			want: []raised{
				{"FAULT_NO_ISSUE:F1-1", "1", "260.00", "F1-1 replaced 1 of CAM, and nothing was issued for it: 260.00 yuan in question."},
			},
			then: issued("OUT-1", "F1-1"),
		},
		"more issued on one slip, until the rest comes back": {
			papers: with(issued("OUT-1", "F1-1",
				func(e *depot.PartIssued) { e.Quantity, e.Value = units("3"), projections.Yuan("780.00") })),
			want: []raised{
				{"OVER_ISSUE:F1-1", "2", "520.00", "F1-1 replaced 1 of CAM, slip OUT-1 issued 3: 2 too many: 520.00 yuan in question."},
			},
			then: depot.PartReturned{
				Project: "P1", Slip: "TK-1", Issue: "OUT-1", Part: "CAM", Quantity: units("2"), Value: projections.Yuan("520.00"),
				FaultLine: "F1-1", ReturnedOn: july10,
			},
		},
		"less issued, until the rest is": {
			papers: []domain.Event{stocked(), replaced("F1-1",
				func(e *ticket.FaultRecorded) { e.Replacement.Quantity = units("2") }), issued("OUT-1", "F1-1"), handedIn("F1-1"),
				depot.PartScrapped{
					Project: "P1", Slip: "BF-1", Part: "CAM", Condition: depot.Faulty, Quantity: units("2"), FaultLine: "F1-1",
					ScrappedOn: july10,
				}},
			want: []raised{
				{"SHORT_ISSUE:F1-1", "1", "260.00", "F1-1 replaced 2 of CAM, only 1 were issued for it: 1 missing: 260.00 yuan in question."},
			},
			then: issued("OUT-2", "F1-1"),
		},
		"issued twice, until the unused unit comes back": {
			papers: with(issued("OUT-1", "F1-1"), issued("OUT-2", "F1-1")),
			want: []raised{
				{"DUPLICATE_ISSUE:F1-1", "1", "260.00", "F1-1 replaced 1 of CAM, slips OUT-1, OUT-2 issued 2 for it: 1 too many: 260.00 yuan in question."},
			},
			then: depot.PartReturned{
				Project: "P1", Slip: "TK-1", Issue: "OUT-2", Part: "CAM", Quantity: units("1"), Value: projections.Yuan("260.00"),
				FaultLine: "F1-1", ReturnedOn: july10,
			},
		},
		"another part issued, until it comes back": {
			papers: with(issued("OUT-1", "F1-1"), issued("OUT-2", "F1-1", func(e *depot.PartIssued) { e.Part = "PSU" })),
			want: []raised{
				{"ITEM_MISMATCH:P1/OUT-2", "1", "260.00", "F1-1 replaced CAM, slip OUT-2 issued 1 of PSU for it: 260.00 yuan in question."},
			},
			then: depot.PartReturned{
				Project: "P1", Slip: "TK-1", Issue: "OUT-2", Part: "PSU", Quantity: units("1"), Value: projections.Yuan("260.00"),
				FaultLine: "F1-1", ReturnedOn: july10,
			},
		},
		"issued from another project's depot, until it comes back": {
			papers: with(issued("OUT-1", "F1-1"), issued("OUT-9", "F1-1", func(e *depot.PartIssued) { e.Project = "P2" })),
			want: []raised{
				{"WRONG_PROJECT:P2/OUT-9", "1", "260.00", "Slip OUT-9 of P2 issued 1 of CAM for F1-1, which is of P1: 260.00 yuan in question."},
			},
			then: depot.PartReturned{
				Project: "P2", Slip: "TK-1", Issue: "OUT-9", Part: "CAM", Quantity: units("1"), Value: projections.Yuan("260.00"),
				FaultLine: "F1-1", ReturnedOn: july10,
			},
		},
		"the slip is dated in the next period, until that comes": {
			papers: with(issued("OUT-1", "F1-1", func(e *depot.PartIssued) { e.IssuedOn = projections.Day("2026-08-02") })),
			asOf:   "2026-07-31",
			want: []raised{
				{"CUTOFF:F1-1", "1", "260.00", "F1-1 replaced 1 of CAM, 1 of them issued later, on 2026-08-02: 260.00 yuan in question."},
			},
			later: "2026-08-02",
		},
		"the fault record is dated in the next period, until that comes": {
			papers: []domain.Event{
				stocked(), issued("OUT-1", "F1-1", func(e *depot.PartIssued) { e.IssuedOn = projections.Day("2026-07-08") }),
				replaced("F1-1"), handedIn("F1-1"),
			},
			asOf: "2026-07-09",
			want: []raised{
				{"CUTOFF:P1/OUT-1", "1", "260.00", "Slip OUT-1 of P1 issued 1 of CAM for F1-1, which is dated later, 2026-07-10: 260.00 yuan in question."},
			},
			later: "2026-07-10",
		},
		"another unit built in than issued, until that one comes back and the right one is issued": {
			papers: []domain.Event{stocked(), replaced("F1-1", func(e *ticket.FaultRecorded) { e.Replacement.NewSerial = "A2" }),
				issued("OUT-1", "F1-1", func(e *depot.PartIssued) { e.Serials = []string{"A1"} }), handedIn("F1-1")},
			want: []raised{
				{"SERIAL_MISMATCH:F1-1", "1", "260.00", "F1-1 built in CAM with serial A2, but A1 was issued for it: 260.00 yuan in question."},
			},
			then: depot.PartReturned{
				Project: "P1", Slip: "TK-1", Issue: "OUT-1", Part: "CAM", Quantity: units("1"), Value: projections.Yuan("260.00"),
				Serials: []string{"A1"}, FaultLine: "F1-1", ReturnedOn: july10,
			},
		},
		"a serial that the depot never had, until its receipt comes": {
			papers: []domain.Event{
				depot.PartReceived{
					Project: "P1", Receipt: "IN-1", Part: "CAM", Quantity: units("1"), Value: projections.Yuan("260.00"),
					Serials: []string{"A1"}, ReceivedOn: july10,
				},
				replaced("F1-1"), issued("OUT-1", "F1-1", func(e *depot.PartIssued) { e.Serials = []string{"A7"} }),
				handedIn("F1-1"),
			},
			want: []raised{
				{"SERIAL_MISMATCH:P1/OUT-1", "1", "260.00", "Slip OUT-1 of P1 states serials of CAM that its depot never had: A7: 260.00 yuan in question."},
			},
			then: depot.PartTransferredIn{
				Project: "P1", Transfer: "DB-1", Part: "CAM", Quantity: units("1"), Value: projections.Yuan("260.00"),
				Serials: []string{"A7"}, From: "P2", ReceivedOn: july10,
			},
		},
		"a unit transferred twice, until the paper comes that brought it back": {
			papers: []domain.Event{
				came("IN-1", "A1", july10), sent("DB-1", "A1", july10), sent("DB-2", "A1", july10+2),
			},
			want: []raised{
				{"SERIAL_MISMATCH:P1/DB-2:transferred", "1", "260.00", "Transfer DB-2 of P1 states serials of CAM that had left its depot already, by DB-1: A1: 260.00 yuan in question."},
			},
			then: came("IN-2", "A1", july10+1),
		},
		"a unit issued that had been transferred, until it comes back unused: it was another": {
			papers: []domain.Event{
				came("IN-1", "A1", july10), sent("DB-1", "A1", july10), replaced("F1-1"), handedIn("F1-1"),
				issued("OUT-1", "F1-1", func(e *depot.PartIssued) { e.Serials, e.IssuedOn = []string{"A1"}, july10+1 }),
			},
			want: []raised{
				{"SERIAL_MISMATCH:P1/OUT-1", "1", "260.00", "Slip OUT-1 of P1 states serials of CAM that had left its depot already, by DB-1: A1: 260.00 yuan in question."},
			},
			then: depot.PartReturned{
				Project: "P1", Slip: "TK-1", Issue: "OUT-1", Part: "CAM", Quantity: units("1"), Value: projections.Yuan("260.00"),
				Serials: []string{"A1"}, FaultLine: "F1-1", ReturnedOn: july10 + 3,
			},
		},
		"a unit scrapped out of a stock that it had left, and one that never came, until units came without serials": {
			papers: []domain.Event{
				came("IN-1", "A1", july10), sent("DB-1", "A1", july10),
				depot.PartScrapped{
					Project: "P1", Slip: "DB-1", Part: "CAM", Condition: depot.Good, Quantity: units("2"),
					Value: projections.Yuan("520.00"), Serials: []string{"A1", "A2"}, Reason: "进水", ScrappedOn: july10 + 2,
				},
			},
			want: []raised{
				{"SERIAL_MISMATCH:P1/DB-1:scrapped-good", "2", "520.00", "Scrap slip DB-1 of P1 states serials of CAM that its depot never had: A2, and that had left its depot already, by DB-1: A1: 520.00 yuan in question."},
			},
			then: depot.PartReceived{
				Project: "P1", Receipt: "IN-3", Part: "CAM", Quantity: units("2"), Value: projections.Yuan("520.00"),
				ReceivedOn: july10 + 1,
			},
		},
		"a unit that went and came back in one day leaves again": {
			papers: []domain.Event{
				came("IN-1", "A1", july10), sent("DB-1", "A1", july10+1), came("IN-2", "A1", july10+1), sent("DB-2", "A1", july10+2),
			},
		},
		"units that came without serials before it left say nothing of it": {
			papers: []domain.Event{
				stocked(), came("IN-2", "A1", july10), sent("DB-1", "A1", july10+1), sent("DB-2", "A1", july10+2),
			},
			want: []raised{
				{"SERIAL_MISMATCH:P1/DB-2:transferred", "1", "260.00", "Transfer DB-2 of P1 states serials of CAM that had left its depot already, by DB-1: A1: 260.00 yuan in question."},
			},
			then: came("IN-3", "A1", july10+2),
		},
		"a unit that no depot had, until another project's depot received it": {
			papers: []domain.Event{
				depot.PartReceived{
					Project: "P1", Receipt: "IN-1", Part: "CAM", Quantity: units("1"), Value: projections.Yuan("260.00"),
					Serials: []string{"A1"}, ReceivedOn: july10,
				},
				replaced("F1-1", func(e *ticket.FaultRecorded) { e.Replacement.NewSerial = "A7" }), issued("OUT-1", "F1-1"),
				handedIn("F1-1"),
			},
			want: []raised{
				{"SERIAL_MISMATCH:F1-1:unheld", "1", "260.00", "F1-1 built in CAM with serial A7, which no depot ever had: 260.00 yuan in question."},
			},
			then: depot.PartReceived{
				Project: "P3", Receipt: "IN-9", Part: "CAM", Quantity: units("1"), Value: projections.Yuan("260.00"),
				Serials: []string{"A7"}, ReceivedOn: july10,
			},
		},
		"or units came into the line's depot without their serials, so that it may be one of them": {
			papers: []domain.Event{
				replaced("F1-1", func(e *ticket.FaultRecorded) { e.Replacement.NewSerial = "A7" }), issued("OUT-1", "F1-1"),
				handedIn("F1-1"),
			},
			want: []raised{
				{"SERIAL_MISMATCH:F1-1:unheld", "1", "", "F1-1 built in CAM with serial A7, which no depot ever had: what it is worth is not known, since nobody says what a unit costs."},
			},
			then: stocked(),
		},
		"a part that the catalogue does not have, until it does": {
			papers: with(issued("OUT-1", "F1-1"),
				catalogue.PartCatalogued{Part: "PSU", Unit: "台", From: projections.Day("2026-01-01")}),
			want: []raised{
				{"ITEM_MISMATCH:F1-1", "1", "260.00", "F1-1 replaced 1 of CAM, which is not in the catalogue: 260.00 yuan in question."},
			},
			then: catalogue.PartCatalogued{Part: "CAM", Unit: "台", From: projections.Day("2026-07-01")},
		},
		"or its description comes into force": {
			papers: with(issued("OUT-1",
				"F1-1"), catalogue.PartCatalogued{Part: "PSU", Unit: "台", From: projections.Day("2026-01-01")},
				catalogue.PartCatalogued{Part: "CAM", Unit: "台", From: projections.Day("2026-09-01")}),
			want: []raised{
				{"ITEM_MISMATCH:F1-1", "1", "260.00", "F1-1 replaced 1 of CAM, which is not in the catalogue: 260.00 yuan in question."},
			},
			later: "2026-09-01",
		},
		"another old unit handed in, until the right one is": {
			papers: []domain.Event{
				stocked(), replaced("F1-1", func(e *ticket.FaultRecorded) { e.Replacement.OldSerial = "Z1" }),
				issued("OUT-1", "F1-1"), handedIn("F1-1", "Z2"),
			},
			want: []raised{
				{"SERIAL_MISMATCH:F1-1:old", "1", "260.00", "F1-1 took out CAM with serial Z1, but Z2 was handed in or sent away: 260.00 yuan in question."},
			},
			then: depot.FaultyUnitHandedIn{
				Project: "P1", Slip: "JH-2", Part: "CAM", Quantity: units("1"), Serials: []string{"Z1"}, FaultLine: "F1-1",
				HandedInOn: july10,
			},
		},
		"the old unit was not handed in, until its process sheet names the line": {
			papers: []domain.Event{stocked(), replaced("F1-1"), issued("OUT-1", "F1-1")},
			want: []raised{
				{"NO_FAULTY_RETURN:F1-1", "1", "260.00", "F1-1 took out 1 of CAM on 2026-07-10; by 2026-07-17 only 0 were handed in, sent away or scrapped: 1 missing: 260.00 yuan in question."},
			},
			then: repair.ReturnOpened{Return: "F2-1", Project: "P1", FaultLine: "F1-1", Part: "CAM", OpenedOn: july10},
		},
		"the old unit was not handed in, until it is scrapped by its serial": {
			papers: []domain.Event{
				stocked(), replaced("F1-1", func(e *ticket.FaultRecorded) { e.Replacement.OldSerial = "Z1" }),
				issued("OUT-1", "F1-1"),
			},
			asOf: "2026-07-18", // a day late
			want: []raised{
				{"NO_FAULTY_RETURN:F1-1", "1", "260.00", "F1-1 took out 1 of CAM on 2026-07-10; by 2026-07-17 only 0 were handed in, sent away or scrapped: 1 missing: 260.00 yuan in question."},
			},
			then: depot.PartScrapped{
				Project: "P1", Slip: "BF-1", Part: "CAM", Condition: depot.Faulty, Quantity: units("1"), Serials: []string{"Z1"},
				ScrappedOn: july10,
			},
		},
		"the old unit was not handed in, until another project sends it off by its serial": {
			papers: []domain.Event{
				stocked(), replaced("F1-1", func(e *ticket.FaultRecorded) { e.Replacement.OldSerial = "Z1" }),
				issued("OUT-1", "F1-1"),
				depot.FaultyUnitsShipped{ // of before, and of nobody knows which
					Project: "P2", Shipment: "FC-7", Maker: "海康", ShippedOn: july10 - 1, ExpectedBackOn: projections.Day("2026-09-30"),
					Units: []depot.FaultyUnit{{Part: "CAM", Quantity: units("1"), Serial: "Z1"}},
				},
				depot.FaultyUnitsShipped{
					Project: "P2", Shipment: "FC-8", Maker: "海康", ShippedOn: july10, ExpectedBackOn: projections.Day("2026-09-30"),
					Units: []depot.FaultyUnit{{Part: "CAM", Quantity: units("1")}},
				},
			},
			want: []raised{
				{"NO_FAULTY_RETURN:F1-1", "1", "260.00", "F1-1 took out 1 of CAM on 2026-07-10; by 2026-07-17 only 0 were handed in, sent away or scrapped: 1 missing: 260.00 yuan in question."},
			},
			then: depot.FaultyUnitsShipped{
				Project: "P2", Shipment: "FC-9", Maker: "海康", ShippedOn: july10 + 3, ExpectedBackOn: projections.Day("2026-09-30"),
				Units: []depot.FaultyUnit{{Part: "CAM", Quantity: units("1"), Serial: "Z1"}},
			},
		},
		"a batch is not back, until its units are received": {
			papers: []domain.Event{stocked(), shipped(depot.FaultyUnit{Part: "CAM", Quantity: units("2")})},
			want: []raised{
				{"AT_VENDOR_OVERDUE:P1/FC-1/CAM", "2", "520.00", "P1 sent 2 of CAM to 海康 on 2026-07-10 (P1/FC-1/CAM), due back on 2026-07-31: 0 are back, 2 are not; 2 of them have no serial and are counted by batch: 520.00 yuan in question."},
			},
			then: depot.PartReceived{
				Project: "P1", Receipt: "IN-2", Part: "CAM", Quantity: units("2"), Source: depot.FromMaker, Shipment: "FC-1",
				ReceivedOn: projections.Day("2026-08-05"),
			},
		},
		"a unit on a sheet and a batch is overdue once, until the sheet says what became of it": {
			papers: []domain.Event{stocked(), repair.ReturnOpened{
				Return: "F2-1", Project: "P1", Part: "CAM", Serial: "Z1", Maker: "海康", OpenedOn: july10,
			},
				shipped(depot.FaultyUnit{Part: "CAM", Quantity: units("1"), Serial: "Z1", Return: "F2-1"}),
				repair.DeviceShipped{Return: "F2-1", ShippedOn: july10}},
			want: []raised{
				{"AT_VENDOR_OVERDUE:F2-1", "1", "260.00", "P1 sent 1 of CAM to 海康 on 2026-07-10 (F2-1), due back on 2026-08-09: 0 are back, 1 are not: 260.00 yuan in question."},
			},
			then: repair.DeviceReturned{Return: "F2-1", Result: repair.Repaired, On: projections.Day("2026-08-20")},
		},
		"a serial back that nobody sent does not stand for one that was, until its batch is entered": {
			papers: []domain.Event{stocked(), shipped(depot.FaultyUnit{Part: "CAM", Quantity: units("1"), Serial: "Z1"}),
				depot.PartReceived{
					Project: "P1", Receipt: "IN-2", Part: "CAM", Quantity: units("1"), Value: projections.Yuan("260.00"),
					Source: depot.FromMaker, Shipment: "FC-1", Serials: []string{"Z9"}, SentSerials: []string{"Z9"},
					ReceivedOn: projections.Day("2026-07-20"),
				}},
			want: []raised{
				{"AT_VENDOR_OVERDUE:P1/FC-1/CAM", "1", "260.00", "P1 sent 1 of CAM to 海康 on 2026-07-10 (P1/FC-1/CAM), due back on 2026-07-31: 0 are back, 1 are not: 260.00 yuan in question."},
				{"SERIAL_MISMATCH:P1/IN-2:back", "1", "260.00", "Receipt IN-2 of P1 states serials of CAM back from their maker, of which no sending is recorded: Z9: 260.00 yuan in question."},
			},
			then: depot.FaultyUnitsShipped{Project: "P1", Shipment: "FC-0", Maker: "海康", ShippedOn: july10,
				Units: []depot.FaultyUnit{
					{Part: "CAM", Quantity: units("1"), Serial: "Z9"}}},
			stays: "AT_VENDOR_OVERDUE:P1/FC-1/CAM",
		},
		"a batch that does not exist, until it is entered": {
			papers: []domain.Event{
				stocked(),
				depot.PartReceived{
					Project: "P1", Receipt: "IN-2", Part: "CAM", Quantity: units("1"), Value: projections.Yuan("260.00"),
					Source: depot.FromMaker, Shipment: "FC-1", ReceivedOn: projections.Day("2026-07-20"),
				},
			},
			want: []raised{
				{"SERIAL_MISMATCH:P1/IN-2:back", "1", "260.00", "Receipt IN-2 of P1 names batch FC-1, which does not exist, for 1 of CAM: 260.00 yuan in question."},
			},
			then: shipped(depot.FaultyUnit{Part: "CAM", Quantity: units("1")}),
		},
		"scrapped by a maker that never had it, until its sheet is entered": {
			papers: []domain.Event{stocked(), repair.ReturnOpened{
				Return: "F2-1", Project: "P1", Part: "CAM", Serial: "Z1", Maker: "海康", OpenedOn: july10,
			},
				depot.PartScrapped{
					Project: "P1", Slip: "BF-1", Part: "CAM", Condition: depot.AtMaker, Quantity: units("1"), Serials: []string{"Z1"},
					ScrappedOn: projections.Day("2026-07-20"),
				}},
			want: []raised{
				{"SERIAL_MISMATCH:P1/BF-1:scrapped", "1", "260.00", "Scrap slip BF-1 of P1 states serials of CAM scrapped by their maker, of which no sending is recorded: Z1: 260.00 yuan in question."},
			},
			then: repair.DeviceShipped{Return: "F2-1", ShippedOn: july10},
		},
		"a unit sent in two batches is one, until its maker scraps it": {
			papers: []domain.Event{stocked(), shipped(depot.FaultyUnit{Part: "CAM", Quantity: units("1"), Serial: "Z1"}),
				depot.FaultyUnitsShipped{
					Project: "P1", Shipment: "FC-2", Maker: "海康", ShippedOn: projections.Day("2026-07-11"),
					Units: []depot.FaultyUnit{{Part: "CAM", Quantity: units("1"), Serial: "Z1"}},
				}},
			want: []raised{
				{"AT_VENDOR_OVERDUE:P1/FC-2/CAM", "1", "260.00", "P1 sent 1 of CAM to 海康 on 2026-07-11 (P1/FC-2/CAM), due back on 2026-08-10: 0 are back, 1 are not: 260.00 yuan in question."},
			},
			then: depot.PartScrapped{
				Project: "P1", Slip: "BF-1", Part: "CAM", Condition: depot.AtMaker, Quantity: units("1"), Serials: []string{"Z1"},
				ScrappedOn: projections.Day("2026-08-20"),
			},
		},
		"one of two is back as another part, the other is not, until it is": {
			papers: []domain.Event{stocked(), shipped(depot.FaultyUnit{Part: "CAM", Quantity: units("1"), Serial: "Z1"},
				depot.FaultyUnit{Part: "CAM", Quantity: units("1"), Serial: "Z2"}),
				depot.PartReceived{
					Project: "P1", Receipt: "IN-2", Part: "CAM-2", Quantity: units("1"), Source: depot.FromMaker, Shipment: "FC-1",
					Serials: []string{"N1"}, SentSerials: []string{"Z1"}, ReceivedOn: projections.Day("2026-07-20"),
				}},
			want: []raised{
				{"AT_VENDOR_OVERDUE:P1/FC-1/CAM", "1", "260.00", "P1 sent 2 of CAM to 海康 on 2026-07-10 (P1/FC-1/CAM), due back on 2026-07-31: 1 are back, 1 are not: 260.00 yuan in question."},
			},
			then: depot.PartReceived{
				Project: "P1", Receipt: "IN-3", Part: "CAM", Quantity: units("1"), Source: depot.FromMaker, Serials: []string{"Z2"},
				ReceivedOn: projections.Day("2026-08-20"),
			},
		},
		"a unit that another project received is back, whatever part it came as; its fellow is not": {
			papers: []domain.Event{stocked(), shipped(depot.FaultyUnit{Part: "CAM", Quantity: units("1"), Serial: "Z1"},
				depot.FaultyUnit{Part: "CAM", Quantity: units("1"), Serial: "Z2"}),
				depot.PartReceived{
					Project: "P2", Receipt: "IN-1", Part: "CAM-2", Quantity: units("1"), Source: depot.FromMaker, Shipment: "FC-1",
					Serials: []string{"N1"}, SentSerials: []string{"Z1"}, ReceivedOn: projections.Day("2026-07-20"),
				}},
			want: []raised{
				{"AT_VENDOR_OVERDUE:P1/FC-1/CAM", "1", "260.00", "P1 sent 2 of CAM to 海康 on 2026-07-10 (P1/FC-1/CAM), due back on 2026-07-31: 1 are back, 1 are not: 260.00 yuan in question."},
			},
			then: depot.PartScrapped{
				Project: "P3", Slip: "BF-1", Part: "CAM", Condition: depot.AtMaker, Quantity: units("1"), Serials: []string{"Z2"},
				ScrappedOn: projections.Day("2026-08-20"),
			},
		},
		"a unit that another project sent once more is out once, there": {
			papers: []domain.Event{stocked(), shipped(depot.FaultyUnit{Part: "CAM", Quantity: units("1"), Serial: "Z1"}),
				depot.FaultyUnitsShipped{
					Project: "P2", Shipment: "FC-1", Maker: "海康", ShippedOn: projections.Day("2026-07-11"),
					Units: []depot.FaultyUnit{{Part: "CAM", Quantity: units("1"), Serial: "Z1"}},
				}},
			want: []raised{
				{"AT_VENDOR_OVERDUE:P2/FC-1/CAM", "1", "", "P2 sent 1 of CAM to 海康 on 2026-07-11 (P2/FC-1/CAM), due back on 2026-08-10: 0 are back, 1 are not: what it is worth is not known, since nobody says what a unit costs."},
			},
			then: depot.PartReceived{
				Project: "P1", Receipt: "IN-2", Part: "CAM", Quantity: units("1"), Source: depot.FromMaker, Serials: []string{"Z1"},
				ReceivedOn: projections.Day("2026-08-20"),
			},
		},
		"a number means the batch of the own depot before another's, until what the own one sent is known": {
			papers: []domain.Event{stocked(), shipped(depot.FaultyUnit{Part: "DOOR", Quantity: units("1"), Serial: "D1"}),
				depot.PartReceived{
					Project: "P1", Receipt: "IN-4", Part: "DOOR", Quantity: units("1"), Source: depot.FromMaker,
					Serials: []string{"D1"}, ReceivedOn: july10,
				},
				depot.FaultyUnitsShipped{
					Project: "P2", Shipment: "FC-1", Maker: "海康", ShippedOn: july10,
					Units: []depot.FaultyUnit{{Part: "CAM", Quantity: units("1")}},
				},
				depot.PartReceived{
					Project: "P1", Receipt: "IN-2", Part: "CAM", Quantity: units("1"), Value: projections.Yuan("260.00"),
					Source: depot.FromMaker, Shipment: "FC-1", Serials: []string{"Z9"}, ReceivedOn: projections.Day("2026-07-20"),
				}},
			want: []raised{
				{"AT_VENDOR_OVERDUE:P2/FC-1/CAM", "1", "", "P2 sent 1 of CAM to 海康 on 2026-07-10 (P2/FC-1/CAM), due back on 2026-08-09: 0 are back, 1 are not; 1 of them have no serial and are counted by batch: what it is worth is not known, since nobody says what a unit costs."},
				{"SERIAL_MISMATCH:P1/IN-2:back", "1", "260.00", "Receipt IN-2 of P1 states serials of CAM back from their maker, of which no sending is recorded: Z9: 260.00 yuan in question."},
			},
			then: depot.FaultyUnitsShipped{
				Project: "P1", Shipment: "FC-0", Maker: "海康", ShippedOn: july10,
				Units: []depot.FaultyUnit{{Part: "CAM", Quantity: units("1"), Serial: "Z9"}},
			},
			stays: "AT_VENDOR_OVERDUE:P2/FC-1/CAM",
		},
		"a number of two other projects' batches says of neither that its units are back": {
			papers: []domain.Event{
				stocked(), shipped(depot.FaultyUnit{Part: "CAM", Quantity: units("1")}),
				depot.FaultyUnitsShipped{
					Project: "P2", Shipment: "FC-1", Maker: "海康", ShippedOn: july10,
					Units: []depot.FaultyUnit{{Part: "CAM", Quantity: units("1")}},
				},
				depot.PartReceived{
					Project: "P3", Receipt: "IN-1", Part: "CAM", Quantity: units("1"), Source: depot.FromMaker, Shipment: "FC-1",
					ReceivedOn: projections.Day("2026-07-20"),
				}},
			asOf: "2026-07-25",
			want: []raised{
				{"SERIAL_MISMATCH:P3/IN-1:back", "1", "0.00", "Document IN-1 of P3 names a batch with which several projects sent CAM (P1/FC-1, P2/FC-1): of which 1 units are cannot be told: 0.00 yuan in question."},
			},
			then: depot.FaultyUnitsShipped{
				Project: "P3", Shipment: "FC-1", Maker: "海康", ShippedOn: july10,
				Units: []depot.FaultyUnit{{Part: "CAM", Quantity: units("1")}},
			},
		},
		"more units back than a batch had, until its other line is entered": {
			papers: []domain.Event{
				stocked(), depot.PartReceived{
					Project: "P1", Receipt: "IN-2", Part: "CAM", Quantity: units("3"), Value: projections.Yuan("780.00"),
					Source: depot.FromMaker, Shipment: "FC-1", ReceivedOn: projections.Day("2026-07-21"),
				},
				shipped(depot.FaultyUnit{Part: "CAM", Quantity: units("4")}),
				depot.PartReceived{
					Project: "P1", Receipt: "IN-3", Part: "CAM", Quantity: units("2"), Value: projections.Yuan("520.00"),
					Source: depot.FromMaker, Shipment: "FC-1", ReceivedOn: projections.Day("2026-07-20"),
				}},
			want: []raised{
				{"SERIAL_MISMATCH:P1/IN-2:back", "1", "260.00", "Receipt IN-2 of P1 states 3 of CAM back from their maker, 1 of them beyond those that were sent: 260.00 yuan in question."},
			},
			then: depot.FaultyUnitsShipped{
				Project: "P1", Shipment: "FC-1", Maker: "海康", ShippedOn: july10,
				Units: []depot.FaultyUnit{{Part: "CAM", Quantity: units("1")}},
			},
		},
		"units back of a part that the batch did not have": {
			papers: []domain.Event{
				stocked(), shipped(depot.FaultyUnit{Part: "DOOR", Quantity: units("2"), Serial: ""}),
				depot.PartReceived{
					Project: "P1", Receipt: "IN-2", Part: "CAM", Quantity: units("2"), Value: projections.Yuan("520.00"),
					Source: depot.FromMaker, Shipment: "FC-1", ReceivedOn: projections.Day("2026-07-21"),
				}},
			asOf: "2026-07-25",
			want: []raised{
				{"SERIAL_MISMATCH:P1/IN-2:back", "2", "520.00", "Receipt IN-2 of P1 states 2 of CAM back from their maker, 2 of them beyond those that were sent: 520.00 yuan in question."},
			},
			then: depot.FaultyUnitsShipped{
				Project: "P1", Shipment: "FC-1", Maker: "海康", ShippedOn: july10,
				Units: []depot.FaultyUnit{{Part: "CAM", Quantity: units("2")}},
			},
		},
		"units back that name neither a batch nor a serial, beyond those sent": {
			papers: []domain.Event{
				stocked(), shipped(depot.FaultyUnit{Part: "CAM", Quantity: units("1")}),
				depot.PartReceived{
					Project: "P1", Receipt: "IN-2", Part: "CAM", Quantity: units("3"), Value: projections.Yuan("780.00"),
					Source: depot.FromMaker, ReceivedOn: projections.Day("2026-07-21"),
				}},
			asOf: "2026-07-25",
			want: []raised{
				{"SERIAL_MISMATCH:P1/IN-2:back", "2", "520.00", "Receipt IN-2 of P1 states 3 of CAM back from their maker, 2 of them beyond those that were sent: 520.00 yuan in question."},
			},
			then: depot.FaultyUnitsShipped{
				Project: "P1", Shipment: "FC-2", Maker: "海康", ShippedOn: july10,
				Units: []depot.FaultyUnit{{Part: "CAM", Quantity: units("2")}},
			},
		},
		"a unit that was sent once and is back twice, whichever depot has it, until it was sent twice": {
			papers: []domain.Event{
				stocked(), depot.PartReceived{
					Project: "P2", Receipt: "IN-2", Part: "CAM", Quantity: units("1"), Source: depot.FromMaker,
					Serials: []string{"Z1"}, ReceivedOn: projections.Day("2026-07-21"),
				},
				shipped(depot.FaultyUnit{Part: "CAM", Quantity: units("1"), Serial: "Z1"}),
				depot.PartReceived{
					Project: "P1", Receipt: "IN-3", Part: "CAM", Quantity: units("1"), Value: projections.Yuan("260.00"),
					Source: depot.FromMaker, Shipment: "FC-1", Serials: []string{"Z1"}, ReceivedOn: projections.Day("2026-07-20"),
				}},
			want: []raised{
				{"SERIAL_MISMATCH:P2/IN-2:back", "1", "0.00", "Receipt IN-2 of P2 states serials of CAM back from their maker, of which no sending is recorded: Z1: 0.00 yuan in question."},
			},
			then: depot.FaultyUnitsShipped{
				Project: "P1", Shipment: "FC-2", Maker: "海康", ShippedOn: projections.Day("2026-07-20"),
				Units: []depot.FaultyUnit{{Part: "CAM", Quantity: units("1"), Serial: "Z1"}},
			},
		},
		"a unit that its maker scrapped and gave back": {
			papers: []domain.Event{
				stocked(), shipped(depot.FaultyUnit{Part: "CAM", Quantity: units("1"), Serial: "Z1"}),
				depot.PartReceived{
					Project: "P1", Receipt: "IN-3", Part: "CAM", Quantity: units("1"), Value: projections.Yuan("260.00"),
					Source: depot.FromMaker, Shipment: "FC-1", Serials: []string{"Z1"}, ReceivedOn: projections.Day("2026-07-20"),
				},
				depot.PartScrapped{
					Project: "P1", Slip: "BF-1", Part: "CAM", Condition: depot.AtMaker, Quantity: units("1"),
					Shipment: "FC-1", ScrappedOn: projections.Day("2026-07-21"),
				}},
			want: []raised{
				{"SERIAL_MISMATCH:P1/BF-1:scrapped", "1", "260.00", "Scrap slip BF-1 of P1 states 1 of CAM scrapped by their maker, 1 of them beyond those that were sent: 260.00 yuan in question."},
			},
			then: depot.FaultyUnitsShipped{
				Project: "P1", Shipment: "FC-1", Maker: "海康", ShippedOn: july10,
				Units: []depot.FaultyUnit{{Part: "CAM", Quantity: units("1")}},
			},
		},
		"a sheet without a serial on another project's batch is out, until the batch is back by count": {
			papers: []domain.Event{
				stocked(), repair.ReturnOpened{Return: "F2-1", Project: "P1", Part: "CAM", Maker: "海康", OpenedOn: july10},
				repair.DeviceShipped{Return: "F2-1", ShippedOn: july10},
				depot.FaultyUnitsShipped{Project: "P2", Shipment: "FC-1", Maker: "海康", ShippedOn: july10, Units: []depot.FaultyUnit{
					{Part: "CAM", Quantity: units("1"), Return: "F2-1"}, {Part: "CAM", Quantity: units("1")}}},
				depot.PartReceived{
					Project: "P2", Receipt: "IN-1", Part: "CAM", Quantity: units("1"), Source: depot.FromMaker, Shipment: "FC-1",
					ReceivedOn: projections.Day("2026-07-20"),
				}},
			want: []raised{
				{"AT_VENDOR_OVERDUE:F2-1", "1", "260.00", "P1 sent 1 of CAM to 海康 on 2026-07-10 (F2-1), due back on 2026-08-09: 0 are back, 1 are not; its sheet has no serial, so its result ends it, or the count of its batch: 260.00 yuan in question."},
			},
			then: depot.PartReceived{
				Project: "P1", Receipt: "IN-2", Part: "CAM", Quantity: units("1"), Source: depot.FromMaker, Shipment: "FC-1",
				ReceivedOn: projections.Day("2026-08-20"),
			},
		},
		"the result on a sheet without a serial and a receipt are of one unit, until there is another": {
			papers: []domain.Event{
				stocked(), repair.ReturnOpened{Return: "F2-1", Project: "P1", Part: "CAM", Maker: "海康", OpenedOn: july10},
				repair.DeviceShipped{Return: "F2-1", ShippedOn: july10},
				shipped(depot.FaultyUnit{Part: "CAM", Quantity: units("1"), Return: "F2-1"},
					depot.FaultyUnit{Part: "CAM", Quantity: units("1")}),
				repair.DeviceReturned{Return: "F2-1", Result: repair.Repaired, On: projections.Day("2026-07-19")},
				depot.PartReceived{
					Project: "P1", Receipt: "IN-2", Part: "CAM", Quantity: units("1"), Source: depot.FromMaker, Shipment: "FC-1",
					ReceivedOn: projections.Day("2026-07-20"),
				}},
			want: []raised{
				{"AT_VENDOR_OVERDUE:P1/FC-1/CAM", "1", "260.00", "P1 sent 1 of CAM to 海康 on 2026-07-10 (P1/FC-1/CAM), due back on 2026-07-31: 0 are back, 1 are not; 1 of them have no serial and are counted by batch: 260.00 yuan in question."},
			},
			then: depot.PartReceived{
				Project: "P1", Receipt: "IN-3", Part: "CAM", Quantity: units("1"), Source: depot.FromMaker, Shipment: "FC-1",
				ReceivedOn: projections.Day("2026-08-20"),
			},
		},
		"counted less than the book, until a late slip changes the book": {
			papers: with(issued("OUT-1", "F1-1"), counted("PD-1", "2026-07-31", "8")),
			want: []raised{
				{"COUNT_SHORT:P1/PD-1/CAM", "1", "260.00", "Count sheet PD-1 of P1: 9 of CAM in the book, 8 counted, 1 short since this count: 260.00 yuan in question."},
			},
			then: depot.PartScrapped{
				Project: "P1", Slip: "BF-1", Part: "CAM", Condition: depot.Good, Quantity: units("1"),
				Value: projections.Yuan("260.00"), ScrappedOn: projections.Day("2026-07-30"),
			},
		},
		"a shortage that later counts show too is one finding, until the book is adjusted": {
			papers: with(issued("OUT-1", "F1-1"), counted("PD-1", "2026-07-31", "8"), counted("PD-2", "2026-08-15", "8"),
				counted("PD-3", "2026-08-20", "7")),
			want: []raised{
				{"COUNT_SHORT:P1/PD-1/CAM", "1", "260.00", "Count sheet PD-1 of P1: 9 of CAM in the book, 8 counted, 1 short since this count: 260.00 yuan in question."},
				{"COUNT_SHORT:P1/PD-3/CAM", "1", "260.00", "Count sheet PD-3 of P1: 9 of CAM in the book, 7 counted, 1 short since this count: 260.00 yuan in question."},
			},
			then: depot.StockAdjusted{
				Project: "P1", Adjustment: "TZ-1", Count: "PD-1", Part: "CAM", Quantity: units("-2"),
				Value: projections.Yuan("-520.00"), AdjustedOn: projections.Day("2026-07-31"),
			},
		},
		"counted more than the book, until a recount does not show it": {
			papers: with(issued("OUT-1", "F1-1"), counted("PD-1", "2026-07-31", "10")),
			want: []raised{
				{"COUNT_OVER:P1/PD-1/CAM", "1", "260.00", "Count sheet PD-1 of P1: 9 of CAM in the book, 10 counted, 1 over since this count: 260.00 yuan in question."},
			},
			then: counted("PD-2", "2026-08-01", "9"),
		},
		"a part that we bear was charged, until it is credited": {
			papers: with(issued("OUT-1", "F1-1"), chargedFor("F1-1")),
			want: []raised{
				{"COVERAGE_CONFLICT:F1-1", "1", "300.00", "F1-1: we bear the cost of 1 of CAM, but it was charged (F3-1): 300.00 yuan in question."},
			},
			then: account.CreditNoteIssued{
				Note: "CN-1", Center: "C1", Charge: "F3-1", Project: "P1",
				Money: money.Line{Net: projections.Yuan("300.00"), Gross: projections.Yuan("300.00")}, On: july10,
			},
		},
		"or its charge moved with its project and is credited at the other center": {
			papers: with(issued("OUT-1", "F1-1"), chargedFor("F1-1"), account.ChargeTransferredIn{
				Transfer: "T1", Center: "C2", Charge: "C1.F3-1", From: "C1", FromCharge: "F3-1", Project: "P1",
				Money: money.Line{Net: projections.Yuan("300.00"), Gross: projections.Yuan("300.00")}, On: july10,
			}),
			want: []raised{
				{"COVERAGE_CONFLICT:F1-1", "1", "300.00", "F1-1: we bear the cost of 1 of CAM, but it was charged (F3-1): 300.00 yuan in question."},
			},
			then: account.CreditNoteIssued{
				Note: "CN-1", Center: "C2", Charge: "C1.F3-1", Project: "P1",
				Money: money.Line{Net: projections.Yuan("300.00"), Gross: projections.Yuan("300.00")}, On: july10,
			},
		},
		"a part that the center bears was not charged, until it is": {
			papers: []domain.Event{
				stocked(), replaced("F1-1", func(e *ticket.FaultRecorded) { e.Bearer = policy.Center }), issued("OUT-1", "F1-1"),
				handedIn("F1-1"),
			},
			want: []raised{
				{"COVERAGE_CONFLICT:F1-1", "1", "260.00", "F1-1: the center bears the cost of 1 of CAM, but it was not charged by 2026-08-10: 260.00 yuan in question."},
			},
			then: chargedFor("F1-1"),
		},
		"a unit cost that is not the catalogue's, until the catalogue says so": {
			papers: with(issued("OUT-1", "F1-1"),
				catalogue.PartCatalogued{
					Part: "CAM", Unit: "台", WarrantyCost: projections.Yuan("1300.00"), From: projections.Day("2026-01-01"),
				}),
			want: []raised{
				{"COST_VARIANCE:P1/OUT-1", "1", "1040.00", "Slip OUT-1 of P1: 1 of CAM cost 260.00 yuan each, by the catalogue 1,300.00: 1,040.00 yuan in question."},
			},
			then: catalogue.PartCatalogued{
				Part: "CAM", Unit: "台", WarrantyCost: projections.Yuan("255.00"), From: projections.Day("2026-07-01"),
			},
		},
	}
	seen := make(map[finding.Class]bool)
	rules := policy.Default()
	pieces := regexp.MustCompile(`\d 件`)
	ungrouped := regexp.MustCompile(`\d{4,}\.\d\d`)
	find := func(t *testing.T, papers []domain.Event, asOf string) (list []raised) {
		r := &projections.Recorder{}
		for i, e := range papers {
			r.Record("s", projections.Noon("2026-08-31").Add(time.Duration(i)*time.Minute), e)
		}
		for _, f := range match.Run(factsFor(t, r.Events), projections.Day(asOf), &rules).Findings {
			f.Say()
			chinese, english := f.Chinese, f.English
			if chinese == "" || !slices.ContainsFunc([]rune(chinese), func(r rune) bool { return r > 0x4e00 }) {
				t.Errorf("%s is not said in Chinese: %q", f.Key, chinese)
			}
			if ungrouped.MatchString(chinese + english) {
				t.Errorf("%s: an amount is not grouped: %s %s", f.Key, chinese, english)
			}
			list = append(list, raised{f.Key, f.Quantity.String(), f.Value.String(), english})
			seen[f.Class] = true
		}
		r.Record("s", projections.Noon("2026-08-31").Add(-time.Minute),
			catalogue.PartCatalogued{Part: "CAM", Unit: "米", From: projections.Day("2026-01-01")})
		for _, f := range match.Run(factsFor(t, r.Events), projections.Day(asOf), &rules).Findings {
			if f.Say(); f.Part == "CAM" && f.Class != finding.CostVariance && pieces.MatchString(f.Chinese) {
				t.Errorf("%s counts by the piece what is counted by the metre: %s", f.Key, f.Chinese)
			}
		}
		slices.SortFunc(list, func(a, b raised) int { return cmpKeys(a.Key, b.Key) })
		return list
	}
	for name, c := range tests {
		t.Run(name, func(t *testing.T) {
			asOf := c.asOf
			if asOf == "" {
				asOf = "2026-08-31"
			}
			if diff := gocmp.Diff(c.want, find(t, c.papers, asOf)); diff != "" {
				t.Error("raised (-want +got):", diff)
			}
			papers := slices.Clone(c.papers)
			if c.then != nil {
				papers = append(papers, c.then)
			}
			if c.later != "" {
				asOf = c.later
			}
			for _, left := range find(t, papers, asOf) {
				if left.Key != c.stays && slices.ContainsFunc(c.want, func(r raised) bool { return r.Key == left.Key }) {
					t.Errorf("%s still stands: %s", left.Key, left.English)
				}
			}
		})
	}
	for _, class := range finding.Classes() {
		if !seen[class] {
			t.Errorf("no case raises %s", class)
		}
	}
}

func cmpKeys(a, b finding.Key) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// Parts that are used up leave nothing old behind.
func TestWhatIsUsedUpIsNotMissed(t *testing.T) {
	r := &projections.Recorder{}
	r.Record("s", projections.Noon("2026-08-31"),
		catalogue.PartCatalogued{Part: "CAM", Unit: "米", From: projections.Day("2026-01-01")}, stocked(), replaced("F1-1"),
		issued("OUT-1", "F1-1"))
	rules := policy.Default()
	if found := match.Run(factsFor(t, r.Events), projections.Day("2026-08-31"), &rules).Findings; len(found) != 0 {
		t.Errorf("found %+v", found)
	}
}

// A closing counts while quantity and value are what they were.
func TestAClosingIsOfWhatWasSeen(t *testing.T) {
	closed := match.Step{
		Step:    "CLOSED",
		Closing: match.Closing{Status: finding.Accepted, Quantity: units("1"), Value: projections.Yuan("260.00")},
	}
	for name, c := range map[string]struct {
		quantity, value string
		steps           []match.Step
		want            finding.Status
	}{
		"never decided on, it is open":         {"1", "260.00", nil, finding.Open},
		"closed as it stands":                  {"1.000", "260.00", []match.Step{closed}, finding.Accepted},
		"another quantity opens it":            {"2", "260.00", []match.Step{closed}, finding.Open},
		"another value opens it":               {"1", "260.01", []match.Step{closed}, finding.Open},
		"reopened, it is open":                 {"1", "260.00", []match.Step{closed, {Step: "REOPENED"}}, finding.Open},
		"closed again after it was reopened":   {"1", "260.00", []match.Step{closed, {Step: "REOPENED"}, closed}, finding.Accepted},
		"an assignment leaves it as it stands": {"1", "260.00", []match.Step{closed, {Step: "ASSIGNED", Owner: "周"}}, finding.Accepted},
	} {
		t.Run(name, func(t *testing.T) {
			f := match.Finding{
				Quantity: decimal.RequireFromString(c.quantity), Value: projections.Figure{Amount: projections.Yuan(c.value)},
			}
			if f.Decide(c.steps); f.Status != c.want {
				t.Errorf("status %s, want %s", f.Status, c.want)
			}
		})
	}
}
