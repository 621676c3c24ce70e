package fill

import (
	"aftersales-ledger/api/papers/forms"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/depot"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/names"
	"aftersales-ledger/domain/ticket"
	"aftersales-ledger/eventstore"
	"aftersales-ledger/projections"
	partsviews "aftersales-ledger/projections/parts"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/shopspring/decimal"
)

// Registration is F0, 项目安防设备服务登记表: a need from its registration to its
// closing (5.1.2).
func (c Clerk) Registration(ctx context.Context, id domain.TicketID) (out Filled, err error) {
	if err := domain.CheckID("ticket", id); err != nil {
		return out, err
	}
	steps, err := c.ledger().Steps(ctx, ticket.Stream(id))
	if err != nil {
		return out, err
	}
	if len(steps) == 0 {
		return out, domain.NotFound("ticket", string(id), "unknown-ticket", "is not a registered ticket")
	}
	c = c.composing()
	var r forms.Registration
	escalations := make(map[domain.EscalationID]int)
	var arrivals ticket.Arrivals
	for _, step := range steps {
		switch e := step.Event.(type) {
		case ticket.TicketRegistered:
			r = forms.Registration{
				Ticket: e.Ticket, Room: e.Room, Owner: e.Owner, Phone: e.Phone, Device: e.Device, Need: e.Need,
				RegisteredAt: e.RegisteredAt, RegisteredBy: step.Actor,
			}
			if r.Project, err = c.projectOn(ctx, e.Project,
				dated{On: calendar.DateOf(e.RegisteredAt), Known: step.Position}); err != nil {
				return out, err
			}
		case ticket.TeamNotified:
			r.NotifiedAt, r.NotifiedBy, r.Coverage = e.NotifiedAt, step.Actor, e.Coverage
		case ticket.CoverageOverridden:
			r.Coverage = e.Coverage
			r.Overrides = append(r.Overrides,
				fmt.Sprintf("%s：%s → %s，%s（%s）", names.Of(e.What), coverageValue(e.Was), coverageValue(e.Now), e.Reason, e.By))
		case ticket.TicketAccepted:
			r.AcceptedAt, r.AcceptedBy = e.AcceptedAt, e.Technician
		case ticket.ArrivedOnSite:
			arrivals = arrivals.With(e)
		case ticket.ArrivalWithdrawn:
			arrivals = arrivals.Without(e)
			r.Done = append(r.Done,
				fmt.Sprintf("到场 %s 系误录：%s（%s）", e.ArrivedAt.In(calendar.Shanghai).Format("2006-01-02 15:04"), e.Reason, e.By))
		case ticket.FaultRecorded:
			r.Done = append(r.Done, faultInWords(e))
		case ticket.ResolutionRecorded:
			r.ResolvedAt, r.Resolution = e.ResolvedAt, names.Of(e.How)
			if e.Note != "" {
				r.Done = append(r.Done, e.Note)
			}
		case ticket.TicketClosed:
			r.ClosedAt, r.Verdict = e.ClosedAt, e.Note
		case ticket.TicketReopened:
			r.Done = append(r.Done, "重新打开："+e.Reason)
			r.ResolvedAt, r.Resolution = time.Time{}, ""
		case ticket.TicketEscalated:
			escalations[e.Escalation] = len(r.Escalations)
			r.Escalations = append(r.Escalations, forms.Escalation{At: e.EscalatedAt, Matter: e.Matter})
		case ticket.EscalationOpinionGiven:
			x := &r.Escalations[escalations[e.Escalation]]
			x.Opinions = append(x.Opinions, fmt.Sprintf("%s：%s（%s）", names.Of(e.Role), e.Opinion, e.By))
		case ticket.EscalationClosed:
			r.Escalations[escalations[e.Escalation]].Outcome = e.Outcome
		}
	}
	first := arrivals.First()
	r.ArrivedAt, r.ArrivedBy = first.ArrivedAt, first.Technician
	return c.laid(ctx, paper{
		Paper: r, file: "F0 登记表 " + string(id), goesOut: true, on: calendar.DateOf(r.RegisteredAt), region: r.Project.Region,
	})
}

// coverageValue says in words what an override replaced or put in place: a bearer,
// a category, or a deadline.
func coverageValue(value string) string {
	if at, err := time.Parse(time.RFC3339, value); err == nil {
		return at.In(calendar.Shanghai).Format("2006-01-02 15:04:05")
	}
	return names.Of(names.CoverageValue(value))
}

func faultInWords(e ticket.FaultRecorded) string {
	text := fmt.Sprintf("%s %s %s", e.Line, e.Device, e.Symptom)
	switch x := e.Replacement; {
	case x != nil:
		text += fmt.Sprintf("：更换 %s ×%s", x.Part, x.Quantity)
		if x.OldSerial+x.NewSerial != "" {
			text += fmt.Sprintf("（%s → %s）", x.OldSerial, x.NewSerial)
		}
	case e.SolvedOnSite:
		text += "：现场解决"
	}
	return text
}

// CountSheet is 盘点表: what was counted against the books (5.1.3).
func (c Clerk) CountSheet(ctx context.Context, id domain.ProjectID, count domain.SlipID) (out Filled, err error) {
	steps, err := c.ledger().Steps(ctx, depot.Stream(id))
	if err != nil {
		return out, err
	}
	c = c.composing()
	d := &depot.Depot{}
	var sheets []domain.NamedID
	for _, step := range steps {
		e, ok := step.Event.(depot.StockCounted)
		if ok {
			sheets = append(sheets, domain.NamedID{ID: string(e.Count)})
		}
		if !ok || e.Count != count {
			if e, ok := step.Event.(depot.Event); ok {
				d.Evolve(e)
			}
			continue
		}
		at := dated{On: e.CountedOn, Known: step.Position}
		names, err := c.depotNames(ctx, steps, at)
		if err != nil {
			return out, err
		}
		sheet := forms.CountSheet{
			Number: e.Count, CountedOn: e.CountedOn, CountedBy: e.CountedBy, Witness: e.Witness,
			Entered: signed(e.By, calendar.DateOf(step.RecordedAt)),
		}
		if sheet.Project, err = c.projectOn(ctx, e.Project, at); err != nil {
			return out, err
		}
		for _, l := range e.Lines {
			value, err := differenceValue(d, l)
			if err != nil {
				return out, err
			}
			sheet.Lines = append(sheet.Lines, forms.CountLine{
				Part: l.Part, Name: names[l.Part].Name, Unit: names[l.Part].Unit, Book: l.Book, Counted: l.Counted, Value: value,
				Serials: l.Serials, Reason: l.Reason,
			})
		}
		return c.laid(ctx, paper{Paper: sheet, file: fmt.Sprintf("盘点表 %s %s", id, count)})
	}
	return out, domain.NotFound("count", string(count), "unknown-count", "is not a count sheet of project %s", id).
		Among(domain.Named(sheets))
}

// differenceValue is what the units too many or too few are worth at the
// depot's average cost.
func differenceValue(d *depot.Depot, l depot.Counted) (money.Amount, error) {
	held, value := d.InStock(l.Part)
	diff := l.Counted.Sub(l.Book)
	if held.Sign() <= 0 || diff.IsZero() {
		return money.Amount{}, nil
	}
	worth, err := money.RoundHalfUp(value.Decimal().Mul(diff.Abs()).DivRound(held, 8))
	if diff.Sign() < 0 {
		worth = worth.Neg()
	}
	return worth, err
}

// IssueSlip is 出库单: what it took out of stock (5.1.3).
func (c Clerk) IssueSlip(ctx context.Context, id domain.ProjectID, slip domain.SlipID) (out Filled, err error) {
	steps, err := c.ledger().Steps(ctx, depot.Stream(id))
	if err != nil {
		return out, err
	}
	c = c.composing()
	var slips []domain.NamedID
	for _, step := range steps {
		e, ok := step.Event.(depot.PartIssued)
		if ok {
			slips = append(slips, domain.NamedID{ID: string(e.Slip)})
		}
		if !ok || e.Slip != slip {
			continue
		}
		at := dated{On: e.IssuedOn, Known: step.Position}
		names, err := c.depotNames(ctx, steps, at)
		if err != nil {
			return out, err
		}
		sheet := forms.IssueSlip{
			Number: e.Slip, IssuedOn: e.IssuedOn, Taker: e.Taker, FaultLine: e.FaultLine, Override: e.Override,
			Entered: signed(step.Actor, calendar.DateOf(step.RecordedAt)),
			Lines: []forms.IssueLine{
				{Part: e.Part, Name: names[e.Part].Name, Unit: names[e.Part].Unit, Asked: orQuantity(e.Asked, e.Quantity), Quantity: e.Quantity, Value: e.Value, Serials: e.Serials},
			},
		}
		if sheet.Project, err = c.projectOn(ctx, e.Project, at); err != nil {
			return out, err
		}
		return c.laid(ctx, paper{Paper: sheet, file: fmt.Sprintf("出库单 %s %s", id, slip)})
	}
	return out, domain.NotFound("slip", string(slip), "unknown-slip", "is not an issue slip of project %s", id).
		Among(domain.Named(slips))
}

func orQuantity(asked, issued decimal.Decimal) decimal.Decimal {
	if asked.IsZero() {
		return issued
	}
	return asked
}

// lineReview is the tech group lead's word on a line, as a paper signs it; without
// a name, if the last word is a query or there is none.
type lineReview struct {
	line domain.FaultLineID
	by   forms.Signature
	at   time.Time // it was recorded

	position eventstore.Position // of the review in the log
}

// signedByLead is the tech group lead's row of an F1: who verified its lines, and
// of which of them findings were open at the end of the day on which they did. It
// says for ever what was known then. It is empty while a line is not verified.
func (c Clerk) signedByLead(
	ctx context.Context, reviews []lineReview,
) (field forms.Field, doubtful []string, err error) {
	var words []forms.Signature
	days, last := make(map[calendar.Date][]domain.FaultLineID), make(map[calendar.Date]time.Time)
	var shown eventstore.Position
	for _, r := range reviews {
		shown = max(shown, r.position)
		words = append(words, r.by)
		days[r.by.On] = append(days[r.by.On], r.line)
		if r.at.After(last[r.by.On]) {
			last[r.by.On] = r.at
		}
	}
	if field = signedByAll("技术组主管", words); field.Value == "" {
		return field, nil, nil
	}
	if err := c.ReadModels.Follow(ctx, uint64(shown)); err != nil {
		return field, nil, err
	}
	for _, on := range slices.Sorted(maps.Keys(days)) {
		open, err := partsviews.Of(c.ReadModels).OpenFindings(ctx, projections.Cut{
			Scope: c.Scope, AsOf: on, KnownAt: last[on],
		}, days[on])
		if err != nil {
			return field, nil, err
		}
		for _, line := range slices.Sorted(maps.Keys(open)) {
			doubtful = append(doubtful, string(line))
		}
	}
	return field, doubtful, nil
}
