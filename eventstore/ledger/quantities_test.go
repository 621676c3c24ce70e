package ledger_test

import (
	"errors"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/catalogue"
	"aftersales-ledger/domain/depot"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/domain/pricelist"
	"aftersales-ledger/domain/project"
	"aftersales-ledger/domain/requisition"
	"aftersales-ledger/domain/ticket"
	"aftersales-ledger/eventstore/ledger"
)

// otherQuantities are the commands whose quantity is of no part that is handed over, and
// who sees to theirs.
var otherQuantities = map[string]string{
	"AccrueCharge":               "the account, by the unit of the price list",
	"AccrueCharge in the ledger": "the account, by the unit of the price list",
	"AccrueCharges":              "the account, by the unit of the price list",
	"RequestOffList":             "the account, by the unit that is stated",
	"CloseFinding":               "it says what the audit found",
}

// TestAFractionOfACountedPartIsRefused: by every command that states how much of a part.
// Half a metre passes, and so does half of what the catalogue does not know.
func TestAFractionOfACountedPartIsRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDepartment(t)
		ctx := t.Context()
		d.must(d.DescribeParts(ctx, d.ask(), catalogue.Describe{Parts: []catalogue.PartCatalogued{
			{Part: "CAM", Name: "摄像机", Unit: "台", From: today - 300}, {Part: "WIRE", Name: "网线", Unit: "米", From: today - 300},
		}}))
		for _, part := range []domain.PartCode{"CAM", "WIRE", "X"} {
			id := domain.SlipID(part)
			d.must(d.ReceivePart(ctx, d.ask(), depot.Receive{
				Project: "P001", Receipt: "IN-" + id, Part: part, Quantity: decimal.NewFromInt(9), Value: money.Fen(900),
				Source: depot.OpeningStock, ReceivedOn: today - 5,
			}))
			d.must(d.IssuePart(ctx, d.ask(), depot.Issue{
				Project: "P001", Slip: "OUT-" + id, Part: part, Asked: decimal.NewFromInt(2), Quantity: decimal.NewFromInt(2),
				Taker: "李强", IssuedOn: today - 4,
			}))
			d.must(ledger.Do(ctx, d.Ledger, d.as("shen", domain.MaterialsPlanner), depot.Count{
				Project: "P001", Count: "PD-" + id, CountedBy: "李强", CountedOn: today - 3,
				Lines: []depot.Counted{{Part: part, Counted: decimal.NewFromInt(4), Reason: "待查"}},
			}, (*depot.Depot).Count))
		}
		d.must(d.RegisterProject(ctx, d.ask(), project.Register{
			Project: "P002", Name: "湖畔", Region: "华东", City: "杭州", Center: "C01", From: calendar.NewDate(2024, 9, 1),
			Presence: policy.OnProject,
			Warranty: project.Warranty{
				AcceptanceOn: calendar.NewDate(2022, 9, 1), StartsFrom: project.FromAcceptance, Months: 24,
			},
		}))
		for _, id := range []domain.RequisitionID{"SQ-1", "SQ-2"} {
			var lines []requisition.Line
			for _, part := range []domain.PartCode{"CAM", "WIRE", "X"} {
				lines = append(lines, requisition.Line{
					Part: part, Name: "件", Quantity: decimal.NewFromInt(4), Estimate: money.Fen(520), Purpose: "备件",
				})
			}
			d.must(d.RequestMaterial(ctx, d.as("jiang", domain.ProjectLeader),
				requisition.Request{Requisition: id, Project: "P001", Lines: lines}))
		}
		for _, by := range []ledger.Request{
			d.as("wei", domain.TechGroupLead), d.as("zhao", domain.HQAffairsSupervisor), d.as("shen", domain.MaterialsPlanner),
			d.as("feng", domain.DepartmentManager),
		} {
			d.must(d.DecideRequisition(ctx, by, requisition.Decide{Requisition: "SQ-1", Approve: true}))
		}
		order := func(part domain.PartCode, q decimal.Decimal) error {
			d.n++
			return failed(ledger.Do(ctx, d.Ledger, d.as("he", domain.PurchasingAdmin), requisition.Order{
				Requisition: "SQ-1", Order: domain.OrderID(fmt.Sprint("CG-", d.n)), Supplier: "明瞳", OrderedOn: today,
				Lines: []requisition.Ordered{{Part: part, Quantity: q, Price: money.Fen(100)}},
			}, (*requisition.Requisition).Order))
		}
		reject := func(id domain.RequisitionID) {
			d.must(d.DecideRequisition(ctx, d.as("zhao", domain.HQAffairsSupervisor),
				requisition.Decide{Requisition: id, Note: "数量不清"}))
		}
		reject("SQ-2")
		d.must(d.RegisterTicket(ctx, d.ask(), ticket.Register{
			Ticket: "GD-1", Project: "P001", Need: "无图像", RegisteredAt: (today - 1).Start(),
		}))
		d.must(d.NotifyTeam(ctx, d.ask(), ledger.Notify{
			Ticket: "GD-1", NotifiedAt: (today - 1).Start(), Category: policy.Ordinary,
		}))
		half := decimal.RequireFromString("0.5")
		commands := map[string]func(part domain.PartCode) (field string, err error){
			"ReceivePart": func(part domain.PartCode) (string, error) {
				return "quantity", failed(d.ReceivePart(ctx, d.ask(), depot.Receive{
					Project: "P001", Receipt: "N-" + domain.SlipID(part), Part: part, Quantity: half, Value: money.Fen(90),
					Source: depot.OpeningStock, ReceivedOn: today,
				}))
			},
			"IssuePart": func(part domain.PartCode) (string, error) {
				return "quantity", failed(d.IssuePart(ctx, d.ask(), depot.Issue{
					Project: "P001", Slip: "N-" + domain.SlipID(part), Part: part, Asked: half, Quantity: half, Taker: "李强",
					IssuedOn: today,
				}))
			},
			"ReturnUnusedParts": func(part domain.PartCode) (string, error) {
				return "quantity", failed(ledger.Do(ctx, d.Ledger, d.ask(), depot.ReturnUnused{
					Project: "P001", Slip: "N-" + domain.SlipID(part), Issue: "OUT-" + domain.SlipID(part), Quantity: half,
					ReturnedBy: "李强", ReturnedOn: today,
				}, (*depot.Depot).ReturnUnused))
			},
			"TransferParts": func(part domain.PartCode) (string, error) {
				return "quantity", failed(d.TransferPart(ctx, d.ask(), depot.TransferOut{
					Project: "P001", Transfer: "N-" + domain.SlipID(part), Part: part, Quantity: half, To: "P002",
					TransferredOn: today,
				}))
			},
			"HandInFaultyUnit": func(part domain.PartCode) (string, error) {
				return "quantity", failed(ledger.Do(ctx, d.Ledger, d.ask(), depot.HandIn{
					Project: "P001", Slip: "N-" + domain.SlipID(part), Part: part, Quantity: half, HandedInBy: "李强",
					HandedInOn: today,
				}, (*depot.Depot).HandIn))
			},
			"ShipFaultyUnits": func(part domain.PartCode) (string, error) {
				return "units[0].quantity", failed(d.ShipFaulty(ctx, d.ask(), depot.ShipFaulty{
					Project: "P001", Shipment: "N-" + domain.SlipID(part), Maker: "明瞳", ShippedOn: today,
					Units: []depot.FaultyUnit{{Part: part, Quantity: half}},
				}))
			},
			"ScrapParts": func(part domain.PartCode) (string, error) {
				return "quantity", failed(d.ScrapPart(ctx, d.ask(), depot.Scrap{
					Project: "P001", Slip: "N-" + domain.SlipID(part), Part: part, Condition: depot.Good, Quantity: half,
					Reason: "损坏", ScrappedOn: today,
				}))
			},
			"CountStock": func(part domain.PartCode) (string, error) {
				return "lines[0].counted", failed(ledger.Do(ctx, d.Ledger, d.ask(), depot.Count{
					Project: "P001", Count: "N-" + domain.SlipID(part), CountedBy: "李强", CountedOn: today,
					Lines: []depot.Counted{{Part: part, Counted: half}},
				}, (*depot.Depot).Count))
			},
			"AdjustStock": func(part domain.PartCode) (string, error) {
				return "quantity", failed(ledger.Do(ctx, d.Ledger, d.as("cai", domain.RegionalAdmin), depot.Adjust{
					Project: "P001", Adjustment: "N-" + domain.SlipID(part), Count: "PD-" + domain.SlipID(part), Part: part,
					Quantity: half.Neg(), Reason: "丢失",
				}, (*depot.Depot).Adjust))
			},
			"RequestMaterial": func(part domain.PartCode) (string, error) {
				return "lines[0].quantity", failed(d.RequestMaterial(ctx, d.as("jiang", domain.ProjectLeader), requisition.Request{
					Requisition: domain.RequisitionID("SQ-" + part), Project: "P001", Lines: []requisition.Line{
						{Part: part, Name: "件", Quantity: half, Estimate: money.Fen(520), Purpose: "备件"},
					},
				}))
			},
			"AdviseSpareParts": func(part domain.PartCode) (string, error) {
				return "parts[0].quantity", failed(ledger.Do(ctx, d.Ledger, d.ask(), project.AdviseSpareParts{
					Project: "P001", On: today, Parts: []project.AdvisedPart{{Part: part, Quantity: half}},
				}, (*project.Project).AdviseSpareParts))
			},
			"OrderMaterial": func(part domain.PartCode) (string, error) { return "lines[0].quantity", order(part, half) },
			"ReceivePurchase": func(part domain.PartCode) (string, error) {
				if err := order(part, decimal.NewFromInt(1)); err != nil {
					return "", err
				}
				return "quantity", failed(d.ReceivePurchase(ctx, d.as("shen", domain.MaterialsPlanner), ledger.ReceivePurchase{
					Receive: requisition.Receive{
						Requisition: "SQ-1", Receipt: "P-" + domain.SlipID(part), Part: part, Quantity: half, Value: money.Fen(50),
						ReceivedOn: today,
					},
				}))
			},
			"ResubmitRequisition": func(part domain.PartCode) (string, error) {
				err := failed(ledger.Do(ctx, d.Ledger, d.as("jiang", domain.ProjectLeader), requisition.Resubmit{
					Requisition: "SQ-2", Note: "已核", Lines: []requisition.Line{
						{Part: part, Name: "件", Quantity: half, Estimate: money.Fen(520), Purpose: "备件"},
					},
				}, (*requisition.Requisition).Resubmit))
				if err == nil {
					reject("SQ-2")
				}
				return "lines[0].quantity", err
			},
			"RecordFault": func(part domain.PartCode) (string, error) {
				return "replacement.quantity", failed(d.RecordFault(ctx, d.ask(), ticket.RecordFault{
					Ticket: "GD-1", Line: "F1-" + domain.FaultLineID(part), Device: "摄像机", Symptom: "无图像", Cause: policy.Wear,
					Replacement: &ticket.Replacement{Part: part, Quantity: half}, RecordedOn: today,
				}))
			},
		}
		for name, command := range commands {
			field, err := command("CAM")
			var r *domain.Rejection
			if !errors.As(err, &r) || r.Code != "part-of-a-unit" || r.Field != field || r.Value != half.String() && r.Value != "-0.5" {
				t.Errorf("%s of half a camera, in %s: got %v", name, field, err)
			}
			for _, part := range []domain.PartCode{"WIRE", "X"} {
				if _, err := command(part); err != nil {
					t.Errorf("%s of half of %s: %v", name, part, err)
				}
			}
		}
		golden, err := os.ReadFile("testdata/commands.golden")
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(golden)) {
			name, fields, _ := strings.Cut(line, " {")
			if regexp.MustCompile(`\b(quantity|counted)!? decimal`).MatchString(fields) && commands[name] == nil &&
				otherQuantities[name] == "" {
				t.Errorf("%s states a quantity, which is tried nowhere here", name)
			}
		}
	})
}

// TestAFractionOfACountedServiceIsRefused: of what the price list counts, and outside it.
func TestAFractionOfACountedServiceIsRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDepartment(t)
		ctx := t.Context()
		d.must(ledger.Do(ctx, d.Ledger, d.ask(), pricelist.Publish{
			Version: "2", EffectiveFrom: today - 1, Items: []pricelist.Item{
				{Code: "台", Name: "移机", Kind: pricelist.Move, Unit: "台", Price: decimal.NewFromInt(150)},
				{Code: "米", Name: "线缆", Kind: pricelist.Repair, Unit: "米", Price: decimal.NewFromInt(3)},
			},
		}, ledger.Dateless((*pricelist.List).Publish)))
		half := decimal.RequireFromString("1.5")
		for unit, want := range map[string]string{"台": "part-of-a-unit", "米": ""} {
			c := ledger.Charge{Item: unit, AccrueCharge: account.AccrueCharge{
				Charge: domain.ChargeID("A-" + unit), Center: "C01", Project: "P001", Quantity: half, OccurredOn: today,
			}}
			_, _, quoted := d.Quote(ctx, unit, today, half)
			_, rehearsed := d.RehearseCharge(ctx, d.ask(), c)
			listed := c
			listed.Charge = domain.ChargeID("B-" + unit)
			answers, err := d.AccrueListed(ctx, "C01", []ledger.Listed[ledger.Charge]{{Request: d.ask(), Line: listed}}, true)
			if err != nil {
				t.Fatal(err)
			}
			batched := c
			batched.Charge = domain.ChargeID("C-" + unit)
			_, faults, err := d.AccrueCharges(ctx, d.ask(), ledger.ChargeBatch{Center: "C01", Lines: []ledger.Charge{batched}},
				make([]error, 1))
			if err != nil {
				t.Fatal(err)
			}
			for how, err := range map[string]error{
				"quoted": quoted, "rehearsed": rehearsed, "listed": answers[0].Err, "in a batch": errors.Join(faults...),
				"alone": failed(d.AccrueCharge(ctx, d.ask(), c)),
				"off the list": failed(d.RequestOffList(ctx, d.ask(), account.RequestOffList{
					Charge: domain.ChargeID("D-" + unit), Center: "C01", Project: "P001", Kind: pricelist.Repair, Service: "非标",
					Quantity: half, Unit: unit, UnitPrice: decimal.NewFromInt(3), Reason: "标准外",
				})),
			} {
				if code(err) != want {
					t.Errorf("1.5 %s %s: got %v, want %q", unit, how, err, want)
				}
			}
		}
	})
}

// TestAFractionThatWasLetInIsCountedOut: half a camera that an earlier version received
// leaves the book by a count and its adjustment, and by no other paper.
func TestAFractionThatWasLetInIsCountedOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDepartment(t)
		ctx := t.Context()
		received := depot.Receive{
			Project: "P001", Receipt: "IN-1", Part: "CAM", Quantity: decimal.RequireFromString("2.5"), Value: money.Fen(900),
			Source: depot.OpeningStock, ReceivedOn: today - 5,
		}
		r := d.ask()
		d.must(d.ReceivePart(ctx, r, received)) // the catalogue does not know the part yet
		d.must(d.DescribeParts(ctx, d.ask(), catalogue.Describe{Parts: []catalogue.PartCatalogued{
			{Part: "CAM", Name: "摄像机", Unit: "台", From: today - 300},
		}}))
		if o := d.must(d.ReceivePart(ctx, r, received)); !o.Repeated {
			t.Errorf("the receipt again is answered with %v", o)
		}
		d.must(ledger.Do(ctx, d.Ledger, d.ask(), depot.Count{
			Project: "P001", Count: "PD-1", CountedBy: "李强", CountedOn: today - 1,
			Lines: []depot.Counted{{Part: "CAM", Counted: decimal.NewFromInt(2), Reason: "原账有误"}},
		}, (*depot.Depot).Count))
		adjust := func(id domain.SlipID, by string) error {
			return failed(ledger.Do(ctx, d.Ledger, d.as("cai", domain.RegionalAdmin), depot.Adjust{
				Project: "P001", Adjustment: id, Count: "PD-1", Part: "CAM", Quantity: decimal.RequireFromString(by),
				Reason: "原账有误",
			}, (*depot.Depot).Adjust))
		}
		if err := adjust("TZ-1", "-0.25"); code(err) != "part-of-a-unit" {
			t.Errorf("a fraction that leaves one: got %v", err)
		}
		if err := adjust("TZ-2", "-0.5"); err != nil {
			t.Errorf("the fraction that was let in: got %v", err)
		}
	})
}
