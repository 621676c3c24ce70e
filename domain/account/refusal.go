package account

import (
	"errors"
	"slices"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
)

// DecisionRefused is the attempt of somebody to decide on what they submitted
// themselves, or to take back what they booked the payment of (§4). The amounts
// stay as they were.
type DecisionRefused struct {
	Center   domain.CenterID `json:"center"`
	Rule     string          `json:"rule"`     // code of the rule that it breaks
	Document string          `json:"document"` // what was to be decided on
	Reason   string          `json:"reason"`
	On       calendar.Date   `json:"on"`
	By       string          `json:"by"`
}

func (DecisionRefused) EventType() string             { return "DecisionRefused" }
func (e DecisionRefused) center() domain.CenterID     { return e.Center }
func (e DecisionRefused) businessDate() calendar.Date { return e.On }
func (DecisionRefused) clause() string                { return "4" }
func (e DecisionRefused) concerns(t *trail) bool {
	return e.Document == string(t.charge) || t.writeOffs[domain.WriteOffID(e.Document)]
}

// Codes of the rules that keep duties apart.
const (
	ownSubmissionCode      = "own-submission"
	recordedItsPaymentCode = "recorded-its-payment"
)

// FactOf returns the fact that a refusal is, if it keeps duties apart.
func (a *Account) FactOf(err error, on calendar.Date, by string) []Event {
	return RefusalOf(err, a.opened.Center, on, by)
}

// RefusalOf returns the fact that a refusal is, if it keeps duties apart; any
// other refusal is an error in the command and no fact.
func RefusalOf(err error, center domain.CenterID, on calendar.Date, by string) []Event {
	var r *domain.Rejection
	if !errors.As(err, &r) || !slices.Contains([]string{ownSubmissionCode, recordedItsPaymentCode}, r.Code) {
		return nil
	}
	return []Event{
		DecisionRefused{Center: center, Rule: r.Code, Document: r.Value, Reason: r.Rule.String(), On: on, By: by},
	}
}
