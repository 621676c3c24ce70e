package repair

import (
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
)

// CompensationSheetFiled is a process sheet of the other kind: the city lead
// states the compensation for damage outside warranty, at exactly the amount
// that the HQ affairs supervisor quoted (§5.3.2). The supervisor reviews it;
// with that the center is charged.
type CompensationSheetFiled struct {
	Return     domain.ReturnID  `json:"return"`
	Project    domain.ProjectID `json:"project"`
	Region     string           `json:"region"`
	Center     domain.CenterID  `json:"center"`
	Quote      domain.QuoteID   `json:"quote"`
	Charge     domain.ChargeID  `json:"charge"` // number of the charge it becomes
	Amount     money.Amount     `json:"amount"`
	Damage     string           `json:"damage"`
	OccurredOn calendar.Date    `json:"occurredOn"`
	FiledOn    calendar.Date    `json:"filedOn"`
	By         string           `json:"by"`
	GoesTo     Gate             `json:"goesTo,omitempty"`
}

func (CompensationSheetFiled) EventType() string { return "CompensationSheetFiled" }

func (CompensationSheetFiled) RestsOn() domain.Ground { return domain.Clause("5.3.2") }

func (CompensationSheetFiled) returnEvent() {}

// FileCompensation is the command that files a sheet for a compensation.
type FileCompensation CompensationSheetFiled

// FileCompensation files a sheet for a compensation. That the amount is what
// was quoted is the account's to say.
func (r *Return) FileCompensation(c FileCompensation, today calendar.Date) ([]Event, error) {
	if r.exists() {
		return nil, domain.Conflict("return", string(c.Return), "return-exists",
			"was filed already, on %s", "5.3.2", r.filedOn())
	}
	if err := domain.FirstError(
		domain.CheckID("return", c.Return),
		domain.CheckText("damage", c.Damage, true),
		c.OccurredOn.CheckPast("occurredOn", today),
	); err != nil {
		return nil, err
	}
	c.FiledOn, c.GoesTo = today, HQAffairs
	return []Event{CompensationSheetFiled(c)}, nil
}

// Compensation returns the sheet of a compensation; reviewed says that the
// center is to be charged.
func (r *Return) Compensation() (sheet CompensationSheetFiled, reviewed, ok bool) {
	if r.sheet == nil {
		return sheet, false, false
	}
	return *r.sheet, r.passed[HQAffairs].by != "", true
}
