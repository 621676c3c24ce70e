package match

import (
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/projections"
	"time"
)

// Stamp is what every fact of the match has in common.
type Stamp struct {
	Position   uint64
	Row        uint32 // within the event
	RecordedAt int64  // microseconds since 1970
	Actor      string
	Project    string
	On         uint16 // days since 1970
}

// Facts with quantities in thousandths of a unit and money in fen.
type (
	LineFact struct { // a line of F1
		Stamp
		Line, Ticket, Part, OldSerial, NewSerial, Bearer string
		Quantity                                         int64
		Replaces                                         bool
	}
	MoveFact struct { // a movement of stock
		Stamp
		Kind, Part, Slip, Line, Override, Reference string
		Quantity, Value                             int64
		Serials                                     []string
	}
	UnitFact struct { // a faulty unit on its way
		Stamp
		Step, Part, Document, Shipment, Line, Sheet, Maker string
		Quantity                                           int64
		Serials, CameAs                                    []string // CameAs: of units back, in the order of Serials
		ExpectedOn                                         uint16
	}
	SheetFact struct { // a step of a process sheet F2
		Stamp
		Step, Sheet, Ticket, Line, Part, Serial, Maker, Result string
		NewSerial                                              string
		ExpectedOn                                             uint16
	}
	CountFact struct { // a line of a count sheet
		Stamp
		Part, Sheet string
		Counted     int64
	}
	PriceFact struct { // a description of the catalogue; on is from when
		Stamp
		Part, Unit string
		Cost       int64
	}
	ChargeFact struct { // a charge that may be for a part
		Stamp
		Center, Charge, Ticket, Line string
		FromCenter, FromCharge       string // of one that moved here from another center's account
		Gross                        int64
	}
	CreditFact struct { // a credit note
		Stamp
		Center, Charge, Note string
		Amount               int64
	}
)

// Facts are all facts that a match may need.
type Facts struct {
	Lines   []LineFact
	Moves   []MoveFact
	Units   []UnitFact
	Sheets  []SheetFact
	Counts  []CountFact
	Prices  []PriceFact
	Charges []ChargeFact
	Credits []CreditFact
}

func (w Window) Has(on uint16) bool {
	return uint16(w.From) <= on && (w.To == 0 || on <= uint16(w.To))
}

// Until leaves the facts that were known at a position and a moment.
func (f *Facts) Until(position uint64, moment time.Time) *Facts {
	k := Stamp{Position: position, RecordedAt: moment.UnixMicro()}
	return &Facts{
		Lines:   knownBy(k, f.Lines, func(r *LineFact) *Stamp { return &r.Stamp }),
		Moves:   knownBy(k, f.Moves, func(r *MoveFact) *Stamp { return &r.Stamp }),
		Units:   knownBy(k, f.Units, func(r *UnitFact) *Stamp { return &r.Stamp }),
		Sheets:  knownBy(k, f.Sheets, func(r *SheetFact) *Stamp { return &r.Stamp }),
		Counts:  knownBy(k, f.Counts, func(r *CountFact) *Stamp { return &r.Stamp }),
		Prices:  knownBy(k, f.Prices, func(r *PriceFact) *Stamp { return &r.Stamp }),
		Charges: knownBy(k, f.Charges, func(r *ChargeFact) *Stamp { return &r.Stamp }),
		Credits: knownBy(k, f.Credits, func(r *CreditFact) *Stamp { return &r.Stamp }),
	}
}

func knownBy[F any](by Stamp, all []F, of func(*F) *Stamp) (some []F) {
	for i := range all {
		if s := of(&all[i]); s.Position <= by.Position && s.RecordedAt <= by.RecordedAt {
			some = append(some, all[i])
		}
	}
	return some
}

// document makes the paper that a fact stands for.
func (s *Stamp) document(kind, number string) FindingDocument {
	return FindingDocument{
		Kind: kind, Number: number, Project: domain.ProjectID(s.Project), On: calendar.Date(s.On),
		RecordedAt: projections.Moment{Time: projections.InShanghai(time.UnixMicro(s.RecordedAt))},
		Actor:      s.Actor, Position: s.Position,
	}
}
