// Package filing holds the monthly forms that the team of a project files: the
// fault record F1 (§5.1.3), the charge list F3 (§5.3.3) and the monthly report F4
// 售后服务月报 (§5.1.4), each due on the 25th, with those who look at it before it
// goes on.
//
// What a form reports is fixed when it is filed. F1 and F3 are batches of
// everything not filed before: a later sheet of the same month has only what
// the earlier ones have not. F4 states figures; what is returned to its filler
// is filed anew, as the next version.
package filing

import (
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
)

// Stream names the stream of one project's forms of one month.
func Stream(id domain.ProjectID, m calendar.Month) string {
	return "filing-" + string(id) + "-" + m.String()
}

// Form is one of the monthly forms.
type Form string

const (
	FaultRecord   Form = "F1" // 智能化工程设备故障处理记录表
	ChargeList    Form = "F3" // 售后服务收费明细表
	MonthlyReport Form = "F4" // 售后服务月报
)

// Forms lists the monthly forms.
func Forms() []Form { return []Form{FaultRecord, ChargeList, MonthlyReport} }

// Event is a fact about the forms of one project and month.
//
//sumtype:decl
type Event interface {
	domain.Grounded
	filingEvent()
}

// ReportFiled is a form as its team filed it. What it reports is in it, or
// named by it, and changes no more.
type ReportFiled struct {
	Project domain.ProjectID `json:"project"`
	Center  domain.CenterID  `json:"center"` // that answers for the project on the day of the filing
	Month   calendar.Month   `json:"month"`
	Form    Form             `json:"form"`
	// Version counts the sheets of F1 and F3, and the fillings of F4, from 1.
	Version int          `json:"version"`
	Nil     bool         `json:"nil,omitempty"`    // there is nothing to report, and that is reported
	Faults  []FaultLine  `json:"faults,omitempty"` // of F1
	Charges []Charge     `json:"charges,omitempty"`
	Total   money.Amount `json:"total,omitzero"`    // of the charges, gross
	Figures *Figures     `json:"figures,omitempty"` // of F4
	Remark  string       `json:"remark,omitempty"`
	// Through is the log position up to which F1 and F4 looked at what had
	// been recorded.
	Through     uint64        `json:"through"`
	ContentHash string        `json:"contentHash"` // SHA-256 of what is reported, hexadecimal
	DueOn       calendar.Date `json:"dueOn"`
	FiledOn     calendar.Date `json:"filedOn"`
	// Late says that it was filed after DueOn. Versions of an F4 after the first
	// were once marked by their own date: [Filing.Lateness] tells.
	Late bool   `json:"late,omitempty"`
	By   string `json:"by"`
}

// FaultLine is a line of the fault record on an F1.
type FaultLine struct {
	Line       domain.FaultLineID `json:"line"`
	Ticket     domain.TicketID    `json:"ticket"`
	RecordedOn calendar.Date      `json:"recordedOn"` // business date of the work
}

// Charge is a charge on an F3.
type Charge struct {
	Charge domain.ChargeID `json:"charge"`
	Center domain.CenterID `json:"center"` // whose account it is on
	Gross  money.Amount    `json:"gross"`
}

// ReportReviewed is the word of one of those who look at a form, in their
// order, that it may go on.
type ReportReviewed struct {
	Project domain.ProjectID `json:"project"`
	Month   calendar.Month   `json:"month"`
	Form    Form             `json:"form"`
	Version int              `json:"version"`
	Step    domain.Role      `json:"step"` // in which role it was reviewed
	Note    string           `json:"note,omitempty"`
	On      calendar.Date    `json:"on"`
	By      string           `json:"by"`
}

// ReportReturned sends an F4 back to its filler, with the reason.
type ReportReturned struct {
	Project domain.ProjectID `json:"project"`
	Month   calendar.Month   `json:"month"`
	Form    Form             `json:"form"`
	Version int              `json:"version"`
	Step    domain.Role      `json:"step"`
	FiledBy string           `json:"filedBy"` // to whom it goes back
	Reason  string           `json:"reason"`
	On      calendar.Date    `json:"on"`
	By      string           `json:"by"`
}

// ReportSent passes a reviewed form on to whom the procedure names.
type ReportSent struct {
	Project     domain.ProjectID `json:"project"`
	Center      domain.CenterID  `json:"center"` // whose people are meant by roles of a center
	Month       calendar.Month   `json:"month"`
	Form        Form             `json:"form"`
	Version     int              `json:"version"`
	To          []domain.Role    `json:"to"`
	Copies      []domain.Role    `json:"copies,omitempty"`
	ContentHash string           `json:"contentHash"`
	On          calendar.Date    `json:"on"`
	By          string           `json:"by"`
}

func (ReportFiled) EventType() string    { return "ReportFiled" }
func (ReportReviewed) EventType() string { return "ReportReviewed" }
func (ReportReturned) EventType() string { return "ReportReturned" }
func (ReportSent) EventType() string     { return "ReportSent" }

func (e ReportFiled) RestsOn() domain.Ground    { return domain.Clause(clauses[e.Form]) }
func (e ReportReviewed) RestsOn() domain.Ground { return domain.Clause(clauses[e.Form]) }
func (e ReportReturned) RestsOn() domain.Ground { return domain.Clause(clauses[e.Form]) }
func (e ReportSent) RestsOn() domain.Ground     { return domain.Clause(clauses[e.Form]) }

func (ReportFiled) filingEvent()    {}
func (ReportReviewed) filingEvent() {}
func (ReportReturned) filingEvent() {}
func (ReportSent) filingEvent()     {}

// FormOf returns the form that an event is about.
func FormOf(e Event) Form {
	switch e := e.(type) {
	case ReportFiled:
		return e.Form
	case ReportReviewed:
		return e.Form
	case ReportReturned:
		return e.Form
	case ReportSent:
		return e.Form
	}
	return ""
}

// Filing is the state of the forms of one project and month.
type Filing struct {
	forms map[Form]*report
}

// report is one form.
type report struct {
	sheets   []ReportFiled   // in order of their versions
	on       map[string]bool // lines and charges that stand on one of them
	reviewed int             // steps of the chain that the last sheet has passed
	returned bool
	sent     bool
}

// Lateness reports whether a version is late. A sheet of F1 or F3 is if it was
// filed after it was due; an F4 is, in all its versions, if the team filed the
// first after that: a reviewer who returns it makes nobody late.
func (f *Filing) Lateness(e ReportFiled) bool {
	if first := f.report(e.Form).sheets; e.Form == MonthlyReport && len(first) > 0 {
		return first[0].Late
	}
	return e.Late
}

func (r *report) last() ReportFiled { return r.sheets[len(r.sheets)-1] }

func (f *Filing) report(form Form) *report {
	if r := f.forms[form]; r != nil {
		return r
	}
	return &report{}
}

// Evolve folds an event into the filing.
func (f *Filing) Evolve(e Event) {
	switch e := e.(type) {
	case ReportFiled:
		if f.forms == nil {
			f.forms = make(map[Form]*report)
		}
		r := f.forms[e.Form]
		if r == nil {
			r = &report{on: make(map[string]bool)}
			f.forms[e.Form] = r
		}
		r.sheets, r.reviewed, r.returned, r.sent = append(r.sheets, e), 0, false, false
		for _, l := range e.Faults {
			r.on[string(l.Line)] = true
		}
		for _, c := range e.Charges {
			r.on[chargeKey(c)] = true
		}
	case ReportReviewed:
		f.forms[e.Form].reviewed++
	case ReportReturned:
		f.forms[e.Form].returned = true
	case ReportSent:
		f.forms[e.Form].sent = true
	}
}

func chargeKey(c Charge) string { return string(c.Center) + "\x00" + string(c.Charge) }
