package bankfile

import (
	"aftersales-ledger/api/imports/sheet"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
)

// period is what a file says of its days; a zero date is of an end that it does
// not say.
type period struct {
	from, to calendar.Date
	cell     string
}

// stated reads the days that a row that is no movement states.
func (r *reader) stated(row sheet.Row) {
	for _, d := range sheet.StatedDays(row) {
		switch {
		case d.Unread:
			r.note("%s (%s): the dates cannot be read, and were not compared with those of the lines", d.Text, d.Cell)
			continue
		case d.Month:
			r.months = append(r.months, d)
			continue
		}
		if !d.From.IsZero() {
			r.period.from, r.period.cell = d.From, d.Cell
		}
		if !d.To.IsZero() {
			r.period.to, r.period.cell = d.To, d.Cell
		}
	}
}

// checkPeriod refuses a file that holds movements of other days than it says.
func (r *reader) checkPeriod() {
	for _, month := range r.months {
		r.checkMonth(month)
	}
	p := r.period
	if p.from.IsZero() && p.to.IsZero() {
		return
	}
	said := domain.Say("%s to %s", sheet.Open(p.from), sheet.Open(p.to))
	unread := 0
	for _, l := range r.statement.Lines {
		switch {
		case l.ReceivedOn.IsZero():
			unread++
		case !p.from.IsZero() && l.ReceivedOn < p.from, !p.to.IsZero() && l.ReceivedOn > p.to:
			r.refuse(l.Cell, domain.Invalid("receivedOn", l.ReceivedOn.String(), "outside-period",
				"lies outside the period that the file states at %s, %s to %s", "Money",
				p.cell, sheet.Open(p.from), sheet.Open(p.to)))
		}
	}
	switch {
	case unread > 0:
		r.note("period %s (%s): %d lines have no date that can be read, so not all were compared", said, p.cell, unread)
	case len(r.statement.Lines) > 0:
		r.check(domain.Say("period %s", said))
	}
}

// checkMonth holds the lines against a month of the calendar. Lines outside it are
// named: the file does not say on which day its month begins.
func (r *reader) checkMonth(month sheet.Days) {
	outside := 0
	for _, l := range r.statement.Lines {
		if l.ReceivedOn.IsZero() || month.Outside(l.ReceivedOn) {
			outside++
		}
	}
	if outside > 0 {
		r.note("%s (%s): %d lines lie outside the month of the calendar, and the file does not say when its month begins and ends", month.Text, month.Cell, outside)
		return
	}
	r.check(domain.Say("%s", month.Text))
}
