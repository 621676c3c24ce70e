package depot

import (
	"errors"

	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
)

// TransferOut is the command that sends units to another project's depot.
type TransferOut struct {
	Project       domain.ProjectID `json:"project,omitzero"`
	Transfer      domain.SlipID    `json:"transfer,omitzero"`
	Part          domain.PartCode  `json:"part,omitzero"`
	Quantity      decimal.Decimal  `json:"quantity,omitzero"`
	Serials       []string         `json:"serials,omitzero"`
	To            domain.ProjectID `json:"to,omitzero"`
	Reason        string           `json:"reason,omitzero"`
	TransferredOn calendar.Date    `json:"transferredOn,omitzero"`
}

// TransferOut takes units out of stock for another project, at cost.
func (d *Depot) TransferOut(c TransferOut, today calendar.Date) ([]Event, error) {
	if err := domain.FirstError(
		domain.CheckID("part", c.Part),
		domain.CheckID("to", c.To),
		money.CheckQuantity("quantity", c.Quantity),
		domain.CheckText("reason", c.Reason, false),
		checkSerials("serials", c.Serials, c.Quantity),
		c.TransferredOn.CheckPast("transferredOn", today),
		d.checkNew("transfer", c.Transfer, "", PartTransferredOut{
			Part: c.Part, Quantity: c.Quantity, Serials: c.Serials, To: c.To, Reason: c.Reason, TransferredOn: c.TransferredOn,
		}),
	); err != nil {
		return nil, err
	}
	if c.To == c.Project {
		return nil, domain.Invalid("to", string(c.To), "same-depot", "must be another project than the one that sends", "")
	}
	if err := d.checkAvailable(c.Part, c.Quantity); err != nil {
		return nil, err
	}
	cost, err := d.peek(c.Part).cost(c.Quantity)
	if err != nil {
		return nil, err
	}
	return []Event{PartTransferredOut{
		Project: c.Project, Transfer: c.Transfer, Part: c.Part, Quantity: c.Quantity, Value: cost, Serials: c.Serials,
		To:     c.To,
		Reason: c.Reason, TransferredOn: c.TransferredOn,
	}}, nil
}

// TransferIn is the command that takes in what another depot sent.
type TransferIn struct {
	Project    domain.ProjectID `json:"project,omitzero"`
	Transfer   domain.SlipID    `json:"transfer,omitzero"`
	From       domain.ProjectID `json:"from,omitzero"`
	ReceivedOn calendar.Date    `json:"receivedOn,omitzero"`
}

// TransferIn takes all units of a transfer into stock. Fewer that arrived are
// found by counting.
func (d *Depot) TransferIn(c TransferIn, sent PartTransferredOut, today calendar.Date) ([]Event, error) {
	if err := domain.FirstError(
		c.ReceivedOn.CheckPast("receivedOn", today),
		d.checkNew("transfer", c.Transfer, "", PartTransferredIn{From: c.From, ReceivedOn: c.ReceivedOn}),
	); err != nil {
		return nil, err
	}
	switch {
	case sent.To != c.Project:
		return nil, domain.Conflict("transfer", string(c.Transfer), "other-depot",
			"was sent to project %s; it is received there", "", sent.To)
	case c.ReceivedOn.Before(sent.TransferredOn):
		return nil, domain.Invalid("receivedOn", c.ReceivedOn.String(), "before-transfer",
			"must not lie before the units left, %s", "", sent.TransferredOn)
	}
	if err := domain.FirstError(d.checkValue(sent.Part, sent.Value),
		d.checkNotAt("serials", sent.Part, sent.Serials, inStock)); err != nil {
		return nil, err
	}
	return []Event{PartTransferredIn{
		Project: c.Project, Transfer: c.Transfer, Part: sent.Part, Quantity: sent.Quantity, Value: sent.Value,
		Serials: sent.Serials,
		From:    sent.Project, ReceivedOn: c.ReceivedOn,
	}}, nil
}

// RejectTransfer is the command that refuses what another depot sent (拒收): by mistake,
// or not what was wanted.
type RejectTransfer struct {
	Project    domain.ProjectID `json:"project,omitzero"` // that refuses
	Transfer   domain.SlipID    `json:"transfer,omitzero"`
	From       domain.ProjectID `json:"from,omitzero"`
	Back       domain.SlipID    `json:"back,omitzero"` // number of the transfer by which the units go back
	Reason     string           `json:"reason,omitzero"`
	RejectedOn calendar.Date    `json:"rejectedOn,omitzero"`
}

// RejectTransfer takes all units of a transfer in and sends them back under another
// number, at the value they came with: what they cost is nothing to this depot, whose
// average it leaves as it was, and the sender takes the units in at what they left with.
func (d *Depot) RejectTransfer(c RejectTransfer, sent PartTransferredOut, today calendar.Date) ([]Event, error) {
	if err := domain.FirstError(
		c.RejectedOn.CheckPast("rejectedOn", today),
		domain.CheckText("reason", c.Reason, true),
		ofDay("rejectedOn", d.checkNew("transfer", c.Transfer, "", PartTransferredIn{From: c.From, ReceivedOn: c.RejectedOn})),
		ofField("back", d.checkNew("transfer", c.Back, "", StockCounted{})), // of which nothing is compared
	); err != nil {
		return nil, err
	}
	switch {
	case c.Back == c.Transfer:
		return nil, domain.Invalid("back", string(c.Back), "same-transfer",
			"must be another number than that of the transfer refused", "")
	case sent.To != c.Project:
		return nil, domain.Conflict("transfer", string(c.Transfer), "other-depot",
			"was sent to project %s; it is received there", "", sent.To)
	case c.RejectedOn.Before(sent.TransferredOn):
		return nil, domain.Invalid("rejectedOn", c.RejectedOn.String(), "before-transfer",
			"must not lie before the units left, %s", "", sent.TransferredOn)
	}
	return []Event{PartTransferredIn{
		Project: c.Project, Transfer: c.Transfer, Part: sent.Part, Quantity: sent.Quantity, Value: sent.Value,
		Serials: sent.Serials, From: sent.Project, ReceivedOn: c.RejectedOn,
	}, PartTransferredOut{
		Project: c.Project, Transfer: c.Back, Part: sent.Part, Quantity: sent.Quantity, Value: sent.Value,
		Serials: sent.Serials, To: sent.Project, Reason: c.Reason, TransferredOn: c.RejectedOn,
	}}, nil
}

// ofDay names the day of a command that a refusal of another receivedOn is about.
func ofDay(field string, err error) error {
	var r *domain.Rejection
	if errors.As(err, &r) && r.Field == "receivedOn" {
		return ofField(field, err)
	}
	return err
}

// ofField names the field of a command that a refusal is about.
func ofField(field string, err error) error {
	var r *domain.Rejection
	if !errors.As(err, &r) {
		return err
	}
	named := *r
	named.Field = field
	return &named
}
