package imports

import (
	"context"
	"slices"

	"aftersales-ledger/api/imports/sheet"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/depot"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/ticket"
)

// This file tells whether a row says what the ledger holds already, by whatever way it
// came there: a sheet that was made of the ledger is nothing new to it. A column that
// a list does not have says nothing, and texts are held against each other as a cell
// shows them.

// heldCharge is what the ledger has under the number of a row; found is false where
// it has nothing. The charges of a center are read once for a file that names one.
func (l *chargeRows) heldCharge(
	ctx context.Context, project domain.ProjectID, center domain.CenterID, id domain.ChargeID,
) (charge account.ChargeAccrued, found bool, err error) {
	if l.held[center] == nil {
		held, err := l.ledger.HeldCharges(ctx, project, center, id)
		if held == nil || err != nil {
			return charge, false, err
		}
		l.held[center] = held
	}
	charge, found = l.held[center][id]
	return charge, found, nil
}

// saysCharge holds a row of F3 against a charge, on whatever ground it stands
// (§5.3.3).
func (row *listRow) saysCharge(c account.ChargeAccrued) bool {
	const postedIn = " 计入 " // as F3 remarks on a charge of another quarter than its month's
	on, err := row.Value("occurredOn").Date()
	return err == nil && on == c.OccurredOn && row.saysWhere(c.Room, c.Owner) &&
		row.saysText("item", c.Service, c.Basis.Item) && row.saysText("ticket", string(c.Ticket)) &&
		row.saysText("faultLine", string(c.FaultLine)) &&
		row.saysText("remark", c.Remark, c.Remark+postedIn+c.Posted.String()) &&
		saysFigure(row, "quantity", sheet.Value.Quantity, c.Quantity.Equal) &&
		saysFigure(row, "unitPrice", sheet.Value.Price, c.UnitPrice.Equal) &&
		saysFigure(row, "net", sheet.Value.Amount, isAmount(c.Money.Net)) &&
		saysFigure(row, "tax", sheet.Value.Amount, isAmount(c.Money.Tax)) &&
		saysFigure(row, "amount", sheet.Value.Amount, isAmount(c.Money.Gross))
}

// saysWhere holds room and owner, in columns of their own or in one.
func (row *listRow) saysWhere(room, owner string) bool {
	if !row.Has("roomAndOwner") {
		return row.saysText("room", room) && row.saysText("owner", owner)
	}
	both := room
	if owner != "" {
		both += "(" + owner + ")"
	}
	return row.saysText("roomAndOwner", both)
}

func (row *listRow) saysText(field string, held ...string) bool {
	if !row.Has(field) {
		return true
	}
	said, err := row.Value(field).Text()
	return err == nil && slices.ContainsFunc(held, func(s string) bool { return sheet.TextOf(s) == said })
}

// saysFigure holds a figure; where the row leaves it blank it says nothing.
func saysFigure[T any](row *listRow, field string, read func(sheet.Value) (T, error), same func(T) bool) bool {
	v := row.Value(field)
	if v.Blank() {
		return v.Shown() == "" || !row.Has(field)
	}
	said, err := read(v)
	return err == nil && same(said)
}

func isAmount(held money.Amount) func(money.Amount) bool {
	return func(said money.Amount) bool { return said == held }
}

// holdsFault holds a line of F1, as it was read, against the one that the ledger has.
func holdsFault(held ticket.FaultRecorded, said ticket.RecordFault) bool {
	asShown := func(texts ...*string) {
		for _, s := range texts {
			*s = sheet.TextOf(*s)
		}
	}
	asShown(&held.Device, &held.Serial, &held.Location, &held.Symptom)
	if held.Replacement != nil {
		r := *held.Replacement
		asShown(&r.OldSerial, &r.NewSerial)
		held.Replacement = &r
	}
	return held.Says(said)
}

// holdsCount holds a count sheet, as it was read, against the one that the ledger has.
// Who entered it does not matter; what the books said then is not its own.
func holdsCount(held depot.StockCounted, said depot.Count) bool {
	same := held.CountedOn == said.CountedOn && sheet.TextOf(held.CountedBy) == said.CountedBy &&
		sheet.TextOf(held.Witness) == said.Witness && len(held.Lines) == len(said.Lines)
	for i := 0; same && i < len(said.Lines); i++ {
		h, s := held.Lines[i], said.Lines[i]
		same = h.Part == s.Part && h.Counted.Equal(s.Counted) && slices.Equal(h.Serials, s.Serials) &&
			sheet.TextOf(h.Reason) == s.Reason
	}
	return same
}
