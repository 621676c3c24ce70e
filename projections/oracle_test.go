package projections_test

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/ageing"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/depot"
	"aftersales-ledger/domain/domaintest"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/project"
	"aftersales-ledger/domain/repair"
	"aftersales-ledger/domain/ticket"
	"aftersales-ledger/projections"
	"aftersales-ledger/projections/facts"
	"aftersales-ledger/projections/match"
	moneyviews "aftersales-ledger/projections/money"
	"aftersales-ledger/projections/parts"
)

// oracle answers the questions by folding events in Go. It shares nothing with
// the read models but the events.
type oracle struct {
	asOf   calendar.Date
	events []facts.Recorded // known by then
}

// newOracle cuts the log where it was first recorded later than knownAt.
func newOracle(events []facts.Recorded, asOf calendar.Date, knownAt time.Time) oracle {
	var latest time.Time
	for i, e := range events {
		if e.RecordedAt.After(latest) {
			latest = e.RecordedAt
		}
		if latest.After(knownAt) {
			return oracle{asOf, events[:i]}
		}
	}
	return oracle{asOf, events}
}

// settlement is what one allocation line did to a charge.
type settlement struct {
	amount money.Amount
	on     calendar.Date
	posted calendar.Quarter
}

// book is the account of one center.
type book struct {
	opened      account.AccountOpened
	charges     []account.ChargeAccrued
	payments    []account.PaymentReceived
	settlements map[domain.ChargeID][]settlement
}

func (o oracle) books() []*book {
	var books []*book
	find := func(center domain.CenterID) *book {
		i := slices.IndexFunc(books, func(b *book) bool { return b.opened.Center == center })
		return books[i]
	}
	for _, r := range o.events {
		switch e := r.Event.(type) {
		case account.AccountOpened:
			books = append(books, &book{opened: e, settlements: make(map[domain.ChargeID][]settlement)})
		case account.ChargeAccrued:
			b := find(e.Center)
			b.charges = append(b.charges, e)
		case account.PaymentReceived:
			b := find(e.Center)
			b.payments = append(b.payments, e)
		case account.PaymentAllocated:
			b := find(e.Center)
			for _, l := range e.Lines {
				b.settlements[l.Charge] = append(b.settlements[l.Charge], settlement{l.Amount, l.On, l.Posted})
			}
		}
	}
	slices.SortFunc(books, func(a, b *book) int { return cmp.Compare(a.opened.Center, b.opened.Center) })
	return books
}

func (o oracle) receivables(f projections.Filter) []moneyviews.Receivable {
	var answer []moneyviews.Receivable
	for _, b := range o.books() {
		if f.Center != "" && f.Center != b.opened.Center || f.Region != "" && f.Region != b.opened.Region {
			continue
		}
		r := moneyviews.Receivable{Center: b.opened.Center, Name: b.opened.Name, Region: b.opened.Region}
		var (
			applied money.Amount
			late    ageing.Ageing
		)
		for _, c := range b.charges {
			if c.OccurredOn > o.asOf || f.Project != "" && f.Project != c.Project {
				continue
			}
			open := c.Money.Gross
			for _, s := range b.settlements[c.Charge] {
				if s.on <= o.asOf {
					open, applied = open.Sub(s.amount), applied.Add(s.amount)
				}
			}
			r.Charged = r.Charged.Add(c.Money.Gross)
			r.Paid = r.Paid.Add(c.Money.Gross.Sub(open))
			r.OpenUnconfirmed = r.OpenUnconfirmed.Add(open)
			bucket := bucketOf(int(o.asOf - c.DueOn))
			late[bucket] = late[bucket].Add(open)
		}
		if f.Project == "" {
			for _, p := range b.payments {
				if p.ReceivedOn <= o.asOf {
					r.Unapplied = r.Unapplied.Add(p.Amount)
				}
			}
			r.Unapplied = r.Unapplied.Sub(applied)
		}
		r.Open, r.Closing, r.Ageing, r.Ties = r.OpenUnconfirmed, r.OpenUnconfirmed.Sub(r.Unapplied), aged(late), true
		answer = append(answer, r)
	}
	return answer
}

func aged(a ageing.Ageing) moneyviews.Ageing {
	return moneyviews.Ageing{
		NotDue: a[0], Late1To30: a[1], Late31To60: a[2], Late61To90: a[3], Late91To180: a[4], Late181To365: a[5],
		LateOver365: a[6],
	}
}

func bucketOf(daysLate int) ageing.Bucket {
	for b, upTo := range []int{0, 30, 60, 90, 180, 365} {
		if daysLate <= upTo {
			return ageing.Bucket(b)
		}
	}
	return ageing.LateOver365
}

func (o oracle) reconciliation(first, last calendar.Quarter, f projections.Filter) []moneyviews.ReconciliationRow {
	var answer []moneyviews.ReconciliationRow
	for _, b := range o.books() {
		if f.Center != "" && f.Center != b.opened.Center || f.Region != "" && f.Region != b.opened.Region {
			continue
		}
		for q := first; q <= last; q++ {
			r := moneyviews.ReconciliationRow{
				Center: b.opened.Center, Name: b.opened.Name, Region: b.opened.Region, Quarter: q, Ties: true,
			}
			for _, c := range b.charges {
				switch {
				case c.OccurredOn > o.asOf || c.Posted > q:
				case c.Posted < q:
					r.Opening = r.Opening.Add(c.Money.Gross)
				case c.OccurredOn.Quarter() == q:
					r.Charges = r.Charges.Add(c.Money.Gross)
				default:
					r.Late = r.Late.Add(c.Money.Gross)
				}
			}
			for _, p := range b.payments {
				switch {
				case p.ReceivedOn > o.asOf || p.Posted > q:
				case p.Posted < q:
					r.Opening = r.Opening.Sub(p.Amount)
				default:
					r.Receipts = r.Receipts.Add(p.Amount)
				}
			}
			r.Closing = r.Opening.Add(r.Charges).Add(r.Late).Sub(r.Receipts)
			answer = append(answer, r)
		}
	}
	return answer
}

func (o oracle) openCharges(f moneyviews.ChargeFilter) map[domain.ChargeID]money.Amount {
	open := make(map[domain.ChargeID]money.Amount)
	for _, b := range o.books() {
		for _, c := range b.charges {
			switch {
			case c.OccurredOn > o.asOf,
				f.Center != "" && f.Center != c.Center,
				f.Region != "" && f.Region != b.opened.Region,
				f.Project != "" && f.Project != c.Project,
				f.Posted != 0 && f.Posted != c.Posted,
				f.Kind != "" && f.Kind != c.Kind,
				f.OccurredFrom != 0 && c.OccurredOn < f.OccurredFrom,
				f.OccurredTo != 0 && c.OccurredOn > f.OccurredTo,
				f.LateOnly && c.Posted == c.OccurredOn.Quarter():
				continue
			}
			left := c.Money.Gross
			for _, s := range b.settlements[c.Charge] {
				if s.on <= o.asOf {
					left = left.Sub(s.amount)
				}
			}
			if !f.OpenOnly || !left.IsZero() {
				open[c.Charge] = left
			}
		}
	}
	return open
}

// audit compares issues with fault records line by line.
func (o oracle) audit(f parts.PartsAuditFilter) []match.PartsAuditLine {
	a := auditor{
		oracle: o, lines: make(map[domain.FaultLineID]ticket.FaultRecorded),
		issues:  make(map[domain.FaultLineID][]depot.PartIssued),
		regions: make(map[domain.ProjectID]string), centers: make(map[domain.ProjectID]domain.CenterID),
		received: make(map[[2]string][]depot.PartReceived), coming: make(map[domain.FaultLineID]decimal.Decimal),
		sheets: make(map[domain.FaultLineID]*match.Return),
	}
	a.read()
	rows := a.loose
	for _, line := range a.order {
		if r, ok := a.compare(a.lines[line]); ok {
			rows = append(rows, r)
		}
	}
	rows = slices.DeleteFunc(rows, func(r match.PartsAuditLine) bool { return !a.matches(f, r) })
	for i := range rows {
		r := &rows[i]
		r.Region, r.Center = a.regions[r.Project], a.centers[r.Project]
		r.AgeDays, r.Return = int(o.asOf-r.On), a.sheets[r.Line]
	}
	slices.SortFunc(rows, func(a, b match.PartsAuditLine) int {
		return cmp.Or(cmp.Compare(a.Project, b.Project), cmp.Compare(a.On, b.On), cmp.Compare(a.Key, b.Key))
	})
	return rows
}

type auditor struct {
	oracle
	lines    map[domain.FaultLineID]ticket.FaultRecorded
	order    []domain.FaultLineID
	issues   map[domain.FaultLineID][]depot.PartIssued
	loose    []match.PartsAuditLine
	named    map[domain.FaultLineID]decimal.Decimal
	regions  map[domain.ProjectID]string
	centers  map[domain.ProjectID]domain.CenterID
	received map[[2]string][]depot.PartReceived
	coming   map[domain.FaultLineID]decimal.Decimal // on slips dated later
	sheets   map[domain.FaultLineID]*match.Return
}

func (a *auditor) read() {
	var issues []depot.PartIssued
	sheets := make(map[domain.ReturnID]*match.Return)
	for _, r := range a.events {
		switch e := r.Event.(type) {
		case project.ProjectRegistered:
			a.regions[e.Project] = e.Region
		case project.CenterAssigned:
			a.centers[e.Project] = e.Center
		case ticket.FaultRecorded:
			a.lines[e.Line] = e
			if e.RecordedOn <= a.asOf {
				a.order = append(a.order, e.Line)
			}
		case depot.PartReceived:
			k := [2]string{string(e.Project), string(e.Part)}
			a.received[k] = append(a.received[k], e)
		case depot.PartIssued:
			if e.IssuedOn <= a.asOf {
				issues = append(issues, e)
			} else {
				a.coming[e.FaultLine] = a.coming[e.FaultLine].Add(e.Quantity)
			}
		case repair.ReturnOpened:
			if e.OpenedOn <= a.asOf {
				sheets[e.Return] = &match.Return{Return: e.Return, OpenedOn: e.OpenedOn}
				a.sheets[e.FaultLine] = sheets[e.Return]
			}
		case repair.DeviceShipped:
			if e.ShippedOn <= a.asOf {
				sheets[e.Return].ShippedOn, sheets[e.Return].ExpectedBackOn = e.ShippedOn, e.ExpectedBackOn
			}
		case repair.DeviceReturned:
			if e.On <= a.asOf {
				sheets[e.Return].BackOn, sheets[e.Return].Result = e.On, e.Result
			}
		}
	}
	slices.SortFunc(issues, func(a, b depot.PartIssued) int {
		return cmp.Or(cmp.Compare(a.IssuedOn, b.IssuedOn), cmp.Compare(a.Slip, b.Slip))
	})
	a.named = make(map[domain.FaultLineID]decimal.Decimal)
	for _, e := range issues {
		a.sort(e)
	}
}

// sort puts an issue to the line it was made for, or finds what is wrong with it.
func (a *auditor) sort(e depot.PartIssued) {
	line, known := a.lines[e.FaultLine]
	var finding match.Verdict
	switch {
	case !known || line.Replacement == nil:
		finding = match.IssueNoFault
	case line.RecordedOn > a.asOf:
		finding = match.Cutoff
	case line.Project != e.Project:
		finding = match.WrongProject
	case line.Replacement.Part != e.Part:
		finding = match.ItemMismatch
	}
	if finding != match.IssueNoFault && finding != match.Cutoff {
		a.named[e.FaultLine] = a.named[e.FaultLine].Add(e.Quantity)
	}
	if finding == "" {
		a.issues[e.FaultLine] = append(a.issues[e.FaultLine], e)
		return
	}
	row := match.PartsAuditLine{
		Key: string(finding) + ":" + string(e.Project) + "/" + string(e.Slip), Finding: finding, Project: e.Project,
		Part: e.Part,
		On:   e.IssuedOn, Line: e.FaultLine, Slips: []string{string(e.Slip)}, Issued: e.Quantity, Value: e.Value,
		Override:   e.Override,
		InQuestion: e.Quantity, ValueInQuestion: projections.Figure{Amount: e.Value},
	}
	if known {
		row.LineProject, row.Ticket, row.Bearer = line.Project, line.Ticket, line.Bearer
		if r := line.Replacement; r != nil {
			row.LinePart, row.OldSerial, row.NewSerial = r.Part, r.OldSerial, r.NewSerial
		}
	}
	a.loose = append(a.loose, row)
}

func (a *auditor) compare(line ticket.FaultRecorded) (match.PartsAuditLine, bool) {
	r := line.Replacement
	if r == nil {
		return match.PartsAuditLine{}, false
	}
	row := match.PartsAuditLine{
		Finding: match.Matched, Project: line.Project, Part: r.Part, On: line.RecordedOn, Line: line.Line,
		LineProject: line.Project,
		LinePart:    r.Part, Ticket: line.Ticket, OldSerial: r.OldSerial, NewSerial: r.NewSerial, Bearer: line.Bearer,
		Replaced: &r.Quantity,
	}
	var overrides []string
	for _, e := range a.issues[line.Line] {
		// The units of this slip beyond what was replaced, at the slip's cost.
		before := row.Issued
		row.Issued, row.Value = row.Issued.Add(e.Quantity), row.Value.Add(e.Value)
		row.Slips = append(row.Slips, string(e.Slip))
		if over := row.Issued.Sub(decimal.Max(r.Quantity, before)); over.IsPositive() {
			excess := e.Value.Share(over.Shift(3).IntPart(), e.Quantity.Shift(3).IntPart())
			row.ValueInQuestion.Amount = row.ValueInQuestion.Add(excess)
		}
		if e.Override != "" {
			overrides = append(overrides, e.Override)
		}
	}
	row.Override = strings.Join(overrides, "; ")
	missing := r.Quantity.Sub(a.named[line.Line])
	switch excess := row.Issued.Sub(r.Quantity); {
	case excess.IsPositive():
		row.InQuestion = excess
		row.Finding = match.OverIssue
		if len(row.Slips) > 1 {
			row.Finding = match.DuplicateIssue
		}
	case missing.IsPositive():
		row.InQuestion = missing
		row.Finding = match.ShortIssue
		if missing.Equal(r.Quantity) {
			row.Finding = match.FaultNoIssue
		}
		if a.coming[line.Line].GreaterThanOrEqual(missing) {
			row.Finding = match.Cutoff
		}
		var in depot.PartReceived
		for _, e := range a.received[[2]string{string(line.Project), string(r.Part)}] {
			if e.ReceivedOn <= line.RecordedOn {
				in.Quantity, in.Value = in.Quantity.Add(e.Quantity), in.Value.Add(e.Value)
			}
		}
		row.ValueInQuestion.Hidden = !in.Quantity.IsPositive()
		if in.Quantity.IsPositive() {
			row.ValueInQuestion.Amount, _ = money.RoundHalfUp(in.Value.Decimal().Mul(missing).DivRound(in.Quantity, 12))
		}
	case row.Issued.IsZero():
		return row, false
	}
	row.Key = string(row.Finding) + ":" + string(line.Line)
	return row, true
}

func (a *auditor) matches(f parts.PartsAuditFilter, r match.PartsAuditLine) bool {
	side := func(p domain.ProjectID) bool {
		return (f.Project == "" || f.Project == p) && (f.Region == "" || f.Region == a.regions[p])
	}
	return (side(r.Project) || r.LineProject != "" && side(r.LineProject)) &&
		(f.Center == "" || f.Center == a.centers[r.Project]) &&
		(f.Part == "" || f.Part == r.Part || f.Part == r.LinePart) &&
		(len(f.Findings) == 0 || slices.Contains(f.Findings, r.Finding)) &&
		(f.From == 0 || r.On >= f.From) && (f.To == 0 || r.On <= f.To)
}

// TestAnswersEqualTheFold asks random questions about random histories.
func TestAnswersEqualTheFold(t *testing.T) {
	found := make(map[match.Verdict]bool)
	for seed := range uint64(3) {
		w := projections.NewWorld(t, seed)
		w.Live(600)
		m, _ := projections.Start(t, projections.NewDatabase(t), projections.NewMemoryLog(slices.Clone(w.Events)...),
			projections.WithClock(domaintest.NewClock(w.Now)))
		projections.Projected(t, m, w.Events[len(w.Events)-1].Position)
		rnd := rand.New(rand.NewPCG(seed, 1))
		for range 8 {
			askEverything(t, m, w, rnd)
		}
		for _, daysAgo := range []int{0, 30} {
			for _, r := range newOracle(w.Events, w.Today().AddDays(-daysAgo), w.Now).audit(parts.PartsAuditFilter{}) {
				found[r.Finding] = true
			}
		}
	}
	for _, f := range match.Verdicts() {
		if !found[f] {
			t.Errorf("no history has the finding %s: the test shows nothing about it", f)
		}
	}
}

// randomCut is the present in a third of the cases.
func randomCut(w *projections.World, rnd *rand.Rand) (projections.Cut, oracle) {
	cut := projections.Cut{Scope: access.Whole()}
	asOf, knownAt := w.Today(), w.Now
	if rnd.IntN(3) > 0 {
		asOf = w.Today().AddDays(20 - rnd.IntN(500))
		cut.AsOf = asOf
	}
	if rnd.IntN(3) > 0 {
		knownAt = w.Events[rnd.IntN(len(w.Events))].RecordedAt.Add(time.Duration(rnd.IntN(3)-1) * time.Microsecond)
		cut.KnownAt = knownAt
	}
	return cut, newOracle(w.Events, asOf, knownAt)
}

// perhaps returns one of the values in a third of the cases, else nothing.
func perhaps[T any](rnd *rand.Rand, from []T) (v T) {
	if rnd.IntN(3) == 0 {
		v = from[rnd.IntN(len(from))]
	}
	return v
}

func randomFilter(rnd *rand.Rand) projections.Filter {
	return projections.Filter{
		Center: perhaps(rnd, projections.WorldCenters), Region: perhaps(rnd, projections.WorldRegions),
		Project: perhaps(rnd, projections.WorldProjects),
	}
}

func askEverything(t *testing.T, m *projections.ReadModels, w *projections.World, rnd *rand.Rand) {
	t.Helper()
	cut, o := randomCut(w, rnd)
	filter := randomFilter(rnd)
	checkReceivables(t, m, cut, o, filter)
	filter.Project = ""
	first := o.asOf.Quarter() + calendar.Quarter(rnd.IntN(3)-2)
	checkReconciliation(t, m, cut, o, first, first+calendar.Quarter(rnd.IntN(5)), filter)
	checkAudit(t, m, cut, o, parts.PartsAuditFilter{
		Filter: randomFilter(rnd), From: perhaps(rnd, []calendar.Date{o.asOf - 60}),
		To:       perhaps(rnd, []calendar.Date{o.asOf - 10}),
		Part:     perhaps(rnd, projections.WorldParts),
		Findings: perhaps(rnd, [][]match.Verdict{{match.DuplicateIssue, match.OverIssue}, match.Verdicts()[1:]}),
	})
	checkCharges(t, m, cut, o, moneyviews.ChargeFilter{
		Filter: randomFilter(rnd), Posted: perhaps(rnd, []calendar.Quarter{first}),
		OccurredFrom: perhaps(rnd, []calendar.Date{o.asOf - 90}),
		OccurredTo:   perhaps(rnd, []calendar.Date{o.asOf - 10}), LateOnly: rnd.IntN(4) == 0, OpenOnly: rnd.IntN(3) == 0,
	})
}

func checkReceivables(t *testing.T, m *projections.ReadModels, cut projections.Cut, o oracle, f projections.Filter) {
	t.Helper()
	var got []moneyviews.Receivable
	for page := (projections.Page{Limit: 2}); ; {
		answer, err := moneyviews.Of(m).Receivables(t.Context(), cut, f, page)
		if err != nil {
			t.Fatal(err)
		}
		if !answer.Ties {
			t.Errorf("%+v, %+v: the tie-outs do not hold: %+v", cut, f, answer)
		}
		got = append(got, answer.Rows...)
		if page.After = answer.Next; page.After == "" {
			break
		}
	}
	if diff := gocmp.Diff(o.receivables(f), got, projections.CompareAnswers); diff != "" {
		t.Errorf("receivables %+v, %+v (-fold +read model):\n%s", cut, f, diff)
	}
}

func checkReconciliation(
	t *testing.T, m *projections.ReadModels, cut projections.Cut, o oracle, first, last calendar.Quarter,
	f projections.Filter,
) {
	t.Helper()
	var got []moneyviews.ReconciliationRow
	for page := (projections.Page{Limit: 2}); ; {
		answer, err := moneyviews.Of(m).Reconciliation(t.Context(), cut, first, last, f, page)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, answer.Rows...)
		if page.After = answer.Next; page.After == "" {
			break
		}
	}
	if diff := gocmp.Diff(o.reconciliation(first, last, f), got, projections.CompareAnswers); diff != "" {
		t.Errorf("reconciliation %+v, %s–%s, %+v (-fold +read model):\n%s", cut, first, last, f, diff)
	}
	for i := 1; i < len(got); i++ {
		if was, is := got[i-1], got[i]; was.Center == is.Center && was.Closing != is.Opening {
			t.Errorf("%s closes %s with %s, but opens %s with %s", was.Center, was.Quarter, was.Closing, is.Quarter, is.Opening)
		}
	}
}

func checkAudit(t *testing.T, m *projections.ReadModels, cut projections.Cut, o oracle, f parts.PartsAuditFilter) {
	t.Helper()
	var got []match.PartsAuditLine
	var totals []parts.FindingTotal
	for page := (projections.Page{Limit: 120}); ; {
		answer, err := parts.Of(m).PartsAudit(t.Context(), cut, f, page)
		if err != nil {
			t.Fatal(err)
		}
		got, totals = append(got, answer.Rows...), append(totals, answer.Totals...)
		if page.After = answer.Next; page.After == "" {
			break
		}
	}
	want := o.audit(f)
	if diff := gocmp.Diff(want, got, projections.CompareAnswers); diff != "" {
		t.Errorf("parts audit %+v, %+v (-fold +read model):\n%s", cut, f, diff)
	}
	var sums []parts.FindingTotal
	for _, finding := range match.Verdicts() {
		sum, parts, quantity := parts.FindingTotal{Finding: finding}, make(map[domain.PartCode]bool), decimal.Zero
		for _, r := range want {
			if r.Finding == finding {
				sum.Rows++
				parts[r.Part] = true
				quantity = quantity.Add(r.InQuestion)
				sum.ValueInQuestion = sum.ValueInQuestion.Add(r.ValueInQuestion.Amount)
				if r.ValueInQuestion.Hidden {
					sum.Unvalued++
				}
			}
		}
		if len(parts) == 1 {
			sum.InQuestion = &quantity
		}
		if sum.Rows > 0 {
			sums = append(sums, sum)
		}
	}
	if diff := gocmp.Diff(sums, totals, projections.CompareAnswers); diff != "" {
		t.Errorf("parts audit totals %+v, %+v (-fold +read model):\n%s", cut, f, diff)
	}
}

func checkCharges(t *testing.T, m *projections.ReadModels, cut projections.Cut, o oracle, f moneyviews.ChargeFilter) {
	t.Helper()
	var got []moneyviews.Charge
	for page := (projections.Page{Limit: 60}); ; {
		answer, err := moneyviews.Of(m).Charges(t.Context(), cut, f, page)
		if err != nil {
			t.Fatal(err)
		}
		var open money.Amount
		for _, fen := range o.openCharges(f) {
			open = open.Add(fen)
		}
		if n := len(o.openCharges(f)); len(answer.Rows) > 0 && (!*answer.Ties || answer.Open.Amount != open ||
			answer.Count != n) {
			t.Errorf("charges %+v, %+v: %d of them, %s − %s = %s open; want %d and %s", cut, f, answer.Count, answer.Gross,
				answer.Paid, answer.Open, n, open)
		}
		got = append(got, answer.Rows...)
		if page.After = answer.Next; page.After == "" {
			break
		}
	}
	open := make(map[domain.ChargeID]money.Amount, len(got))
	for _, c := range got {
		open[c.Charge] = c.Open.Amount
	}
	if diff := gocmp.Diff(o.openCharges(f), open, projections.CompareAnswers); diff != "" {
		t.Errorf("charges %+v, %+v (-fold +read model):\n%s", cut, f, diff)
	}
	sorted := slices.IsSortedFunc(got, func(a, b moneyviews.Charge) int {
		return cmp.Or(cmp.Compare(a.Center, b.Center), cmp.Compare(a.OccurredOn, b.OccurredOn),
			cmp.Compare(a.Charge, b.Charge))
	})
	if !sorted || len(open) != len(got) {
		t.Errorf("charges %+v, %+v are out of order, or some are there twice", cut, f)
	}
}
