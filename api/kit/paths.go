package kit

import (
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/filing"
)

// DecisionBody approves or rejects what another submitted.
type DecisionBody struct {
	Approve bool   `json:"approve"`
	Note    string `json:"note,omitempty" doc:"Required for a rejection"`
}

// FilingPath names a form of a project and month.
type FilingPath struct {
	Project string `path:"project"`
	Month   string `path:"month" example:"2026-09"`
	Form    string `path:"form" enum:"F1,F3,F4"`
}

func (in FilingPath) Parse() (id domain.ProjectID, m calendar.Month, form filing.Form, err error) {
	var p Parser
	m = p.Month("month", in.Month)
	return domain.ProjectID(in.Project), m, filing.Form(in.Form), p.Err
}

func (in FilingPath) Name() string { return in.Project + "-" + in.Month + "-" + in.Form }

// NoticesStatus says how the sender of notices is.
type NoticesStatus struct {
	State    string `json:"state" doc:"starting, live or waiting"`
	Reason   string `json:"reason,omitempty" doc:"Why it waits"`
	Channel  string `json:"channel" enum:"SMTP,OUTBOX"`
	Position uint64 `json:"position" doc:"Log position up to which events were taken in"`
	Waiting  int    `json:"waiting" doc:"Notices to be tried, or tried again"`
	Held     int    `json:"held" doc:"Events whose notices wait for an address"`
	GivenUp  uint64 `json:"givenUp" doc:"Since the process began"`
}

// QuarterPath names the statement of a center for a quarter.
type QuarterPath struct {
	Center  string `path:"center"`
	Quarter string `path:"quarter" example:"2026Q2"`
}
