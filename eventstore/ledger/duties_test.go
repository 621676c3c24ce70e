package ledger_test

import (
	"context"
	"testing"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/depot"
	"aftersales-ledger/domain/duties"
	"aftersales-ledger/domain/filing"
	"aftersales-ledger/domain/finding"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/payables"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/domain/pricelist"
	"aftersales-ledger/domain/repair"
	"aftersales-ledger/domain/requisition"
	"aftersales-ledger/domain/ticket"
	"aftersales-ledger/eventstore"
	"aftersales-ledger/eventstore/ledger"
)

// as is somebody acting in a role, each time with another token.
type as func(domain.Role) ledger.Request

// duty is a pair of the procedure that one person may not do both of (§4).
type duty struct {
	submit func(*department, context.Context, as)
	decide func(*department, context.Context, as) error
	rule   string // own-submission, if empty
}

func (d *department) of(name string) as {
	return func(role domain.Role) ledger.Request {
		r := d.as(name, role)
		if role.OfCenter() {
			r.Actor.Center = "C01"
		}
		return r
	}
}

func failed(_ eventstore.Outcome, err error) error { return err }

// statementIssued puts the statement of the last quarter to the center.
func (d *department) statementIssued(ctx context.Context, by ledger.Request) {
	day := today.Quarter().First().AddDays(-10)
	d.must(d.AccrueCharge(ctx, d.ask(), ledger.Charge{Item: "R", AccrueCharge: account.AccrueCharge{
		Charge: "SF-1", Center: "C01", Project: "P001", Quantity: decimal.NewFromInt(100), OccurredOn: day,
	}}))
	d.must(ledger.Do(ctx, d.Ledger, by, account.IssueStatement{Center: "C01", Quarter: day.Quarter()},
		ledger.ByRules(d.Ledger, (*account.Account).IssueStatement)))
}

var dispute = account.DisputeCharge{
	Center: "C01", Quarter: today.Quarter() - 1, Version: 1, Dispute: account.Dispute{Charge: "SF-1", Reason: "未做"},
}

func (d *department) notified(ctx context.Context) {
	at := today.Start().AddDate(0, 0, -1)
	d.must(d.RegisterTicket(ctx, d.ask(), ticket.Register{
		Ticket: "T-1", Project: "P001", Need: "对讲无声", RegisteredAt: at,
	}))
	d.must(d.NotifyTeam(ctx, d.ask(), ledger.Notify{Ticket: "T-1", NotifiedAt: at, Category: policy.Ordinary}))
}

func (d *department) arrive(ctx context.Context, r ledger.Request, technician string) {
	d.must(ledger.Do(ctx, d.Ledger, r, ticket.Arrive{
		Ticket: "T-1", ArrivedAt: today.Start().Add(-3_600e9), Technician: technician,
	}, (*ticket.Ticket).Arrive))
}

func (d *department) fault(ctx context.Context, r ledger.Request) {
	d.arrive(ctx, d.ask(), "wu")
	d.must(d.RecordFault(ctx, r, ticket.RecordFault{
		Ticket: "T-1", Line: "F1-1", Device: "分机", Symptom: "无声", Cause: policy.Wear, SolvedOnSite: true,
		RecordedOn: today - 1,
	}))
}

func (d *department) counted(ctx context.Context, r ledger.Request, by string) {
	d.must(d.ReceivePart(ctx, d.ask(), depot.Receive{
		Project: "P001", Receipt: "IN-1", Part: "PSU", Quantity: decimal.NewFromInt(3), Value: money.Fen(300),
		Source: depot.OpeningStock, ReceivedOn: today - 5,
	}))
	d.must(ledger.Do(ctx, d.Ledger, r, depot.Count{
		Project: "P001", Count: "PD-1", CountedBy: by, Witness: "李强", CountedOn: today - 1,
		Lines: []depot.Counted{{Part: "PSU", Counted: decimal.NewFromInt(2), Reason: "待查"}},
	}, (*depot.Depot).Count))
}

func adjust(d *department, ctx context.Context, who as) error {
	return failed(ledger.Do(ctx, d.Ledger, who(domain.RegionalAdmin), depot.Adjust{
		Project: "P001", Adjustment: "TZ-1", Count: "PD-1", Part: "PSU", Quantity: decimal.NewFromInt(-1), Reason: "丢失",
	}, (*depot.Depot).Adjust))
}

func (d *department) requisition(ctx context.Context, r ledger.Request) {
	d.must(d.RequestMaterial(ctx, r, requisition.Request{Requisition: "SQ-1", Project: "P001", Lines: []requisition.Line{
		{Part: "CAM", Name: "摄像机", Quantity: decimal.NewFromInt(2), Estimate: money.Fen(52000), Purpose: "备件"},
	}}))
}

func passRequisition(d *department, ctx context.Context, r ledger.Request) error {
	return failed(d.DecideRequisition(ctx, r, requisition.Decide{Requisition: "SQ-1", Approve: true}))
}

var opened = repair.Open{
	Return: "F2-1", Project: "P001", Part: "CAM", Maker: "明瞳", Fault: "黑屏", OpenedOn: today,
	Cost: repair.Cost{Bearer: repair.ByUs, Estimate: money.Fen(30000)},
}

func passReturn(d *department, ctx context.Context, r ledger.Request) error {
	amount := money.Fen(30000)
	return failed(d.DecideReturn(ctx, r, ledger.DecideReturn{Return: "F2-1", Approve: true, Amount: &amount}))
}

func (d *department) paid(ctx context.Context, r ledger.Request) {
	d.charge("SF-1", 100)
	d.must(d.ReceivePayment(ctx, r, account.ReceivePayment{
		Center: "C01", BankReference: "B-1", Payer: "云栖", Amount: money.Fen(5000), ReceivedOn: today,
	}))
}

func (d *department) writeOff(ctx context.Context, r ledger.Request) error {
	return failed(ledger.Do(ctx, d.Ledger, r, account.RequestWriteOff{
		WriteOff: "HX-1", Charge: "SF-1", Center: "C01", Amount: money.Fen(1000), Reason: "无法收回",
	}, (*account.Account).RequestWriteOff))
}

func decideWriteOff(d *department, ctx context.Context, who as) error {
	return failed(ledger.Do(ctx, d.Ledger, who(domain.DepartmentManager), account.DecideWriteOff{
		WriteOff: "HX-1", Center: "C01", Approve: true,
	}, (*account.Account).DecideWriteOff))
}

func credit(d *department, ctx context.Context, who as) error {
	return failed(ledger.Do(ctx, d.Ledger, who(domain.RegionalAdmin), account.IssueCreditNote{
		Note: "CN-1", Charge: "SF-1", Center: "C01", Amount: money.Fen(1000), Reason: "多收", On: today,
	}, (*account.Account).IssueCreditNote))
}

func (d *department) escalated(ctx context.Context, r ledger.Request) {
	d.notified(ctx)
	d.must(ledger.Do(ctx, d.Ledger, r, ticket.Escalate{
		Ticket: "T-1", Escalation: "ES-1", Reason: ticket.Important, Matter: "全楼对讲中断", EscalatedAt: today.Start(),
	}, (*ticket.Ticket).Escalate))
}

func opine(d *department, ctx context.Context, r ledger.Request) error {
	return failed(ledger.Do(ctx, d.Ledger, r, ticket.GiveOpinion{
		Ticket: "T-1", Escalation: "ES-1", Opinion: "尽快修复", GivenAt: today.Start(),
	}, (*ticket.Ticket).GiveOpinion))
}

// duties are the pairs of the procedure: what is put forward, and the decision on
// it that must be another person's.
func dutiesApart() map[string]duty {
	return map[string]duty{
		"5.3.1 work outside the list is approved": {
			submit: func(d *department, ctx context.Context, who as) {
				d.must(d.RequestOffList(ctx, who(domain.CityLead), account.RequestOffList{
					Charge: "SF-9", Center: "C01", Project: "P001", Kind: pricelist.Move, Service: "移位",
					Quantity: decimal.NewFromInt(1), Unit: "台", UnitPrice: decimal.NewFromInt(80), Reason: "清单外",
				}))
			},
			decide: func(d *department, ctx context.Context, who as) error {
				return failed(d.DecideOffList(ctx, who(domain.HQAffairsSupervisor), account.DecideOffList{
					Charge: "SF-9", Center: "C01", Approve: true,
				}))
			},
		},
		"Money: a write-off is approved": {
			submit: func(d *department, ctx context.Context, who as) {
				d.charge("SF-1", 100)
				if err := d.writeOff(ctx, who(domain.CityLead)); err != nil {
					d.t.Fatal(err)
				}
			},
			decide: decideWriteOff,
		},
		"Money: what a payment settled is credited": {
			submit: func(d *department, ctx context.Context, who as) { d.paid(ctx, who(domain.Finance)) },
			decide: credit, rule: "recorded-its-payment",
		},
		"Money: what a payment settled in part is asked to be written off": {
			submit: func(d *department, ctx context.Context, who as) { d.paid(ctx, who(domain.Finance)) },
			decide: func(d *department, ctx context.Context, who as) error { return d.writeOff(ctx, who(domain.CityLead)) },
			rule:   "recorded-its-payment",
		},
		"Money: what a payment settled in part is written off": {
			submit: func(d *department, ctx context.Context, who as) {
				d.paid(ctx, who(domain.Finance))
				if err := d.writeOff(ctx, d.as("sun", domain.CityLead)); err != nil {
					d.t.Fatal(err)
				}
			},
			decide: decideWriteOff, rule: "recorded-its-payment",
		},
		"5.3.2 a compensation is filed at the quote": {
			submit: func(d *department, ctx context.Context, who as) {
				d.must(d.QuoteCompensation(ctx, who(domain.HQAffairsSupervisor), account.QuoteCompensation{
					Quote: "BJ-1", Center: "C01", Project: "P001", Damage: "撞坏", Amount: money.Fen(190000),
					TaxRate: decimal.New(6, -2),
				}))
			},
			decide: func(d *department, ctx context.Context, who as) error {
				return failed(d.FileCompensation(ctx, who(domain.CityLead), ledger.FileCompensation{
					Return: "F2-1", Center: "C01", Quote: "BJ-1", Charge: "SF-1", Amount: money.Fen(190000), OccurredOn: today,
				}))
			},
		},
		"5.3.2 the sheet of a compensation is reviewed": {
			submit: func(d *department, ctx context.Context, who as) {
				d.must(d.QuoteCompensation(ctx, d.as("zhao", domain.HQAffairsSupervisor), account.QuoteCompensation{
					Quote: "BJ-1", Center: "C01", Project: "P001", Damage: "撞坏", Amount: money.Fen(190000),
					TaxRate: decimal.New(6, -2),
				}))
				d.must(d.FileCompensation(ctx, who(domain.CityLead), ledger.FileCompensation{
					Return: "F2-1", Center: "C01", Quote: "BJ-1", Charge: "SF-1", Amount: money.Fen(190000), OccurredOn: today,
				}))
			},
			decide: func(d *department, ctx context.Context, who as) error {
				return failed(d.DecideReturn(ctx, who(domain.HQAffairsSupervisor),
					ledger.DecideReturn{Return: "F2-1", Approve: true}))
			},
		},
		"5.3.4 a statement is confirmed": {
			submit: func(d *department, ctx context.Context, who as) { d.statementIssued(ctx, who(domain.RegionalAdmin)) },
			decide: func(d *department, ctx context.Context, who as) error {
				return failed(ledger.Do(ctx, d.Ledger, who(domain.CenterHead), account.ConfirmStatement{
					Center: "C01", Quarter: today.Quarter() - 1, Version: 1,
				}, (*account.Account).ConfirmStatement))
			},
		},
		"5.3.4 a line of a statement is disputed": {
			submit: func(d *department, ctx context.Context, who as) { d.statementIssued(ctx, who(domain.RegionalAdmin)) },
			decide: func(d *department, ctx context.Context, who as) error {
				return failed(ledger.Do(ctx, d.Ledger, who(domain.CenterHead), dispute, (*account.Account).DisputeCharge))
			},
		},
		"5.3.4 a dispute is rejected": {
			submit: func(d *department, ctx context.Context, who as) {
				d.statementIssued(ctx, d.ask())
				d.must(ledger.Do(ctx, d.Ledger, who(domain.CenterHead), dispute, (*account.Account).DisputeCharge))
			},
			decide: func(d *department, ctx context.Context, who as) error {
				return failed(ledger.Do(ctx, d.Ledger, who(domain.RegionalAdmin), account.RejectDispute{
					Charge: "SF-1", Center: "C01", Reason: "已验收",
				}, (*account.Account).RejectDispute))
			},
		},
		"5.3.4 a dispute is credited": {
			submit: func(d *department, ctx context.Context, who as) {
				d.statementIssued(ctx, d.ask())
				d.must(ledger.Do(ctx, d.Ledger, who(domain.CenterHead), dispute, (*account.Account).DisputeCharge))
			},
			decide: credit,
		},
		"5.1.3 the book is adjusted by a sheet that was entered": {
			submit: func(d *department, ctx context.Context, who as) { d.counted(ctx, who(domain.Technician), "陈工") },
			decide: adjust,
		},
		"5.1.3 the book is adjusted by what was counted": {
			submit: func(d *department, ctx context.Context, who as) {
				d.counted(ctx, d.as("wu", domain.Technician), who(domain.Technician).Actor.Name)
			},
			decide: adjust,
		},
		"5.4 an arrival is taken back that was entered": {
			submit: func(d *department, ctx context.Context, who as) {
				d.notified(ctx)
				d.arrive(ctx, who(domain.CityLead), "wu")
			},
			decide: withdrawArrival,
		},
		"5.4 one's own arrival is taken back": {
			submit: func(d *department, ctx context.Context, who as) {
				d.notified(ctx)
				d.arrive(ctx, d.as("sun", domain.CityLead), who(domain.Technician).Actor.Name)
			},
			decide: withdrawArrival,
		},
		"5.4 the coverage of a ticket is overridden that was taken up": {
			submit: func(d *department, ctx context.Context, who as) {
				d.notified(ctx)
				d.must(ledger.Do(ctx, d.Ledger, who(domain.Technician), ticket.Accept{
					Ticket: "T-1", AcceptedAt: today.Start(),
				}, (*ticket.Ticket).Accept))
			},
			decide: override,
		},
		"5.4 the coverage of a fault record is overridden": {
			submit: func(d *department, ctx context.Context, who as) {
				d.notified(ctx)
				d.fault(ctx, who(domain.Technician))
			},
			decide: override,
		},
		"5.1.2 an opinion is given on an escalation": {
			submit: func(d *department, ctx context.Context, who as) { d.escalated(ctx, who(domain.CityLead)) },
			decide: func(d *department, ctx context.Context, who as) error {
				return opine(d, ctx, who(domain.DepartmentManager))
			},
		},
		"5.1.2 both opinions are given": {
			submit: func(d *department, ctx context.Context, who as) {
				d.escalated(ctx, d.as("sun", domain.CityLead))
				if err := opine(d, ctx, who(domain.HQAffairsSupervisor)); err != nil {
					d.t.Fatal(err)
				}
			},
			decide: func(d *department, ctx context.Context, who as) error {
				return opine(d, ctx, who(domain.DepartmentManager))
			},
		},
		"5.1.3 a line of F1 is reviewed": {
			submit: func(d *department, ctx context.Context, who as) {
				d.notified(ctx)
				d.fault(ctx, who(domain.Technician))
			},
			decide: func(d *department, ctx context.Context, who as) error {
				return failed(ledger.Do(ctx, d.Ledger, who(domain.TechGroupLead), ticket.ReviewFaultLine{
					Ticket: "T-1", Line: "F1-1", Verdict: ticket.Verified,
				}, (*ticket.Ticket).ReviewFaultLine))
			},
		},
		"5.1.3 a finding about one's document is closed": {
			submit: func(*department, context.Context, as) {},
			decide: func(d *department, ctx context.Context, who as) error {
				return failed(d.CloseFinding(ctx, who(domain.TechGroupLead), finding.Close{
					Finding: "COUNT_SHORT:P001/PD-1/PSU", Status: finding.Accepted, Reason: "丢失",
					Causers: []string{"wang.wu", "li.si"},
				}))
			},
		},
		"5.2.3 a requisition is reviewed": {
			submit: func(d *department, ctx context.Context, who as) { d.requisition(ctx, who(domain.ProjectLeader)) },
			decide: func(d *department, ctx context.Context, who as) error {
				return passRequisition(d, ctx, who(domain.TechGroupLead))
			},
		},
		"5.2.3 a requisition is reviewed in two roles": {
			submit: func(d *department, ctx context.Context, who as) {
				d.requisition(ctx, d.as("jiang", domain.ProjectLeader))
				if err := passRequisition(d, ctx, who(domain.MaterialsPlanner)); err != nil {
					d.t.Fatal(err)
				}
			},
			decide: func(d *department, ctx context.Context, who as) error {
				return passRequisition(d, ctx, who(domain.TechGroupLead))
			},
			rule: "second-gate",
		},
		"5.2.3 what was asked for is ordered": {
			submit: func(d *department, ctx context.Context, who as) {
				d.requisition(ctx, who(domain.ProjectLeader))
				for _, r := range []ledger.Request{
					d.as("wei", domain.TechGroupLead), d.as("zhao", domain.HQAffairsSupervisor), d.as("shen", domain.MaterialsPlanner),
					d.as("feng", domain.DepartmentManager),
				} {
					if err := passRequisition(d, ctx, r); err != nil {
						d.t.Fatal(err)
					}
				}
			},
			decide: func(d *department, ctx context.Context, who as) error {
				return failed(ledger.Do(ctx, d.Ledger, who(domain.PurchasingAdmin), requisition.Order{
					Requisition: "SQ-1", Order: "CG-1", Supplier: "明瞳", OrderedOn: today,
					Lines: []requisition.Ordered{{Part: "CAM", Quantity: decimal.NewFromInt(2), Price: money.Fen(52000)}},
				}, (*requisition.Requisition).Order))
			},
		},
		"5.2.1 a process sheet is reviewed": {
			submit: func(d *department, ctx context.Context, who as) {
				d.must(d.OpenReturn(ctx, who(domain.Technician), opened))
			},
			decide: func(d *department, ctx context.Context, who as) error {
				return passReturn(d, ctx, who(domain.CityTechLead))
			},
		},
		"5.2.1 a process sheet passes two gates": {
			submit: func(d *department, ctx context.Context, who as) {
				d.must(d.OpenReturn(ctx, d.as("wu", domain.Technician), opened))
				if err := passReturn(d, ctx, who(domain.CityTechLead)); err != nil {
					d.t.Fatal(err)
				}
			},
			decide: func(d *department, ctx context.Context, who as) error {
				return passReturn(d, ctx, who(domain.TechGroupLead))
			},
			rule: "second-gate",
		},
		"5.2.2 a supplier's letter is confirmed": {
			submit: func(d *department, ctx context.Context, who as) {
				d.must(d.OpenReturn(ctx, d.as("wu", domain.Technician), opened))
				for _, r := range []ledger.Request{
					d.as("cheng", domain.CityTechLead), d.as("wei", domain.TechGroupLead), d.as("zhao", domain.HQAffairsSupervisor),
					d.as("feng", domain.DepartmentManager),
				} {
					if err := passReturn(d, ctx, r); err != nil {
						d.t.Fatal(err)
					}
				}
				d.must(d.QuoteRepair(ctx, who(domain.RegionalAdmin),
					ledger.QuoteRepair{Return: "F2-1", Amount: money.Fen(30000), QuotedOn: today}))
			},
			decide: func(d *department, ctx context.Context, who as) error {
				return failed(d.ConfirmLetter(ctx, who(domain.PurchasingAdmin),
					ledger.ConfirmLetter{Return: "F2-1", Letter: d.paper("letter"), Amount: money.Fen(30000)}))
			},
		},
		"5.2.2 a payment request is paid": {
			submit: func(d *department, ctx context.Context, who as) {
				papers := d.passedRepair("F2-1")
				r := who(domain.RegionalAdmin)
				d.must(d.RequestPayment(ctx, r, requestOf(r, today.Month(), papers, "F2-1")))
			},
			decide: func(d *department, ctx context.Context, who as) error {
				return failed(d.PaySupplier(ctx, who(domain.Finance), payables.Pay{
					Region: "华东", Month: today.Month(), Supplier: "明瞳", Amount: money.Fen(30000), BankReference: "OUT-1",
					PaidOn: today,
				}))
			},
		},
		"5.1.4 a monthly report is reviewed": {
			submit: func(d *department, ctx context.Context, who as) {
				d.must(d.FileReport(ctx, who(domain.Technician), filing.File{
					Project: "P001", Month: october, Form: filing.MonthlyReport,
				}, ledger.Work{Through: 1, Figures: &filing.Figures{From: today - 12, Through: today - 1}}))
			},
			decide: func(d *department, ctx context.Context, who as) error {
				return failed(ledger.Do(ctx, d.Ledger, who(domain.CityLead), filing.Review{
					Project: "P001", Month: october, Form: filing.MonthlyReport, Approve: true,
				}, (*filing.Filing).Review))
			},
		},
	}
}

func withdrawArrival(d *department, ctx context.Context, who as) error {
	return failed(ledger.Do(ctx, d.Ledger, who(domain.CityTechLead), ticket.WithdrawArrival{
		Ticket: "T-1", ArrivedAt: today.Start().Add(-3_600e9), Reason: "误录",
	}, (*ticket.Ticket).WithdrawArrival))
}

func override(d *department, ctx context.Context, who as) error {
	return failed(ledger.Do(ctx, d.Ledger, who(domain.HQAffairsSupervisor), ticket.OverrideCoverage{
		Ticket: "T-1", What: ticket.OfBearer, Value: string(policy.Us), Reason: "装修破坏",
	}, (*ticket.Ticket).OverrideCoverage))
}

// One person under another role, another token or another writing of their login
// is refused, which one event records; another person is not.
func TestNobodyDecidesOnTheirOwnSubmission(t *testing.T) {
	for name, pair := range dutiesApart() {
		t.Run(name, func(t *testing.T) {
			d := newDepartment(t).withFiles()
			ctx := t.Context()
			pair.submit(d, ctx, d.of("li.si"))
			rule := pair.rule
			if rule == "" {
				rule = duties.OwnSubmission
			}
			for i, writing := range []string{"li.si", "Li.Si", " LI.SI", "ｌｉ.ｓｉ"} {
				if err := pair.decide(d, ctx, d.of(writing)); code(err) != rule {
					t.Fatalf("%q decides on what li.si submitted: %v, want %s", writing, err, rule)
				}
				log, _, err := d.Log(ctx, 0, 1000)
				if err != nil {
					t.Fatal(err)
				}
				var facts []duties.OwnDecisionRefused
				for _, rec := range log {
					e, m, err := eventstore.Trade.DecodeRecorded(rec)
					if err != nil {
						t.Fatal(err)
					}
					if e, ok := e.(duties.OwnDecisionRefused); ok && m.Refused {
						facts = append(facts, e)
					}
				}
				if len(facts) != i+1 || facts[i].By != writing || facts[i].SubmittedBy != "li.si" || facts[i].Rule != rule ||
					facts[i].Document == "" || facts[i].Clause == "" {
					t.Fatalf("%q: recorded %+v", writing, facts)
				}
			}
			if err := pair.decide(d, ctx, d.of("zhang.san")); err != nil {
				t.Errorf("another person is refused: %v", err)
			}
		})
	}
}

// Logs of before hold the events that each kind of stream had for it.
func TestAnAttemptThatWasRecordedInTheOldWayStandsInItsStream(t *testing.T) {
	d := newDepartment(t)
	ctx := t.Context()
	d.charge("SF-1", 100)
	for stream, e := range map[string]eventstore.Proposed{
		account.Stream("C01"): {Type: "DecisionRefused", Data: []byte(
			`{"center":"C01","rule":"own-submission","document":"SF-1","reason":"was submitted by qian","on":"2026-10-08","by":"qian"}`)},
		depot.Stream("P001"): {Type: "AdjustmentRefused", Data: []byte(
			`{"project":"P001","adjustment":"TZ-0","count":"PD-1","part":"PSU","quantity":"-1","reason":"own","on":"2026-10-08","by":"wu"}`)},
	} {
		e.ID = uuid.New()
		e.Metadata = []byte(
			`{"commandKey":"old","commandHash":"old","actor":"qian","role":"finance","refused":true,"schema":1}`)
		steps, err := d.Steps(ctx, stream)
		if err != nil {
			t.Fatal(err)
		}
		at := eventstore.At(eventstore.Revision(len(steps) - 1))
		if _, err := d.store.Append(ctx, stream, at, []eventstore.Proposed{e}); err != nil {
			t.Fatal(err)
		}
	}
	d.charge("SF-2", 100)
	d.counted(ctx, d.ask(), "陈工")
	if got := d.closing("C01"); got != "200.00" {
		t.Errorf("closing %s", got)
	}
	trail, err := d.ChargeTrail(ctx, account.ChargePlace{Center: "C01", Charge: "SF-1"}, "", ledger.TrailCut{
		AsOf: today, KnownAt: today.Start().AddDate(1, 0, 0), Through: 1 << 40,
	}, ledger.OwnAccount)
	if err != nil || len(trail.Events) != 2 || trail.Events[1].Type != "DecisionRefused" {
		t.Errorf("the trail of the charge is %+v, %v", trail.Events, err)
	}
}
