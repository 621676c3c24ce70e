package account

import (
	"slices"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
)

// reportOf names the F3 of one project and month.
type reportOf struct {
	project domain.ProjectID
	month   calendar.Month
}

// ReportedIn returns the charges of a project that are on the F3 of a month, in
// the order in which they were put there.
func (a *Account) ReportedIn(p domain.ProjectID, m calendar.Month) []Reported {
	return slices.Clone(a.reports[reportOf{p, m}])
}

// Unreported returns the charges of a project for work up to a date that are on
// no F3, and their total.
func (a *Account) Unreported(p domain.ProjectID, through calendar.Date) (lines []Reported, total money.Amount) {
	for _, ch := range a.byNumber {
		if ch.project == p && !ch.reported && !ch.occurredOn.After(through) {
			lines, total = append(lines, Reported{ch.id, ch.gross}), total.Add(ch.gross)
		}
	}
	return lines, total
}
