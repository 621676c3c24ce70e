package projections

import (
	"context"
	_ "embed"
	"slices"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
)

//go:embed serialhistory.sql
var serialHistorySQL string

// SerialStep is one thing that was recorded about the units of a serial.
type SerialStep struct {
	Position     uint64
	RecordedAt   time.Time
	Actor        string
	Role         string
	On           calendar.Date
	Step         string // a MovementKind, BACK_FROM_MAKER, HANDED_IN, SHIPPED, INSTALLED, REMOVED, REPAIRED_ON_SITE, CHARGED, COUNTED, or F2_ and a step of the process sheet
	Project      domain.ProjectID
	Part         domain.PartCode
	Document     string
	Reference    string // issue slip of a return, batch, process sheet, result, center of a charge
	FaultLine    domain.FaultLineID
	Ticket       domain.TicketID
	Room         string
	Person       string
	Maker        string
	OtherProject domain.ProjectID
	OtherSerial  string // that this one replaced, or was replaced by
	WasOld       bool   // this one was replaced by it
	Reason       string
	Value        money.Amount
}

// Place is where a unit is.
type Place string

// The places of a unit.
const (
	PlaceInStock   Place = "IN_STOCK"   // 在库
	PlaceIssued    Place = "ISSUED"     // 已领用: taken, not known to be installed
	PlaceInTransit Place = "IN_TRANSIT" // 调拨在途
	PlaceInstalled Place = "INSTALLED"  // 在用
	PlaceRemoved   Place = "REMOVED"    // 已拆下: not handed in yet
	PlaceOnShelf   Place = "ON_SHELF"   // 坏件待处理
	PlaceAtMaker   Place = "AT_MAKER"   // 返厂
	PlaceReplaced  Place = "REPLACED"   // 厂家换新: the maker kept it
	PlaceScrapped  Place = "SCRAPPED"   // 报废
	PlaceUnknown   Place = "UNKNOWN"
)

// SerialHistory is the answer of [ReadModels.SerialHistory].
type SerialHistory struct {
	Answer
	Serial     string
	Steps      []SerialStep // by business date, then position
	Place      Place        // after the last step that says so
	Project    domain.ProjectID
	ReplacedBy []string // serials of units that took this one's place, in order
	Replaces   []string // serials of units whose place this one took, in order
}

// SerialHistory answers where the units of a serial have been, from receipt to
// scrap. A part narrows it down, since makers number their own.
func (m *ReadModels) SerialHistory(ctx context.Context, cut Cut, serial string, part domain.PartCode) (SerialHistory, error) {
	q, err := m.ask(cut, Page{Limit: MaxLimit})
	if err != nil {
		return SerialHistory{}, err
	}
	defer q.done()
	answer := SerialHistory{Answer: q.Answer, Serial: serial, Place: PlaceUnknown}
	err = q.rows(ctx, serialHistorySQL, params{"serial": serial, "part": string(part)}, func(rows driver.Rows) error {
		var (
			r    SerialStep
			line uint32
		)
		if err := rows.Scan(
			&r.Position, &line, &r.RecordedAt, &r.Actor, &r.Role, dateTo{&r.On}, &r.Step, textTo(&r.Project), textTo(&r.Part), &r.Document,
			&r.Reference, textTo(&r.FaultLine), textTo(&r.Ticket), &r.Room, &r.Person, &r.Maker, textTo(&r.OtherProject), &r.OtherSerial,
			&r.WasOld, &r.Reason, amountTo{&r.Value},
		); err != nil {
			return err
		}
		answer.add(r)
		return nil
	})
	if err == nil && len(answer.Steps) == 0 {
		return SerialHistory{}, domain.NotFound("serial", domain.Clip(serial), "unknown-serial", "is on no document known at the time asked for")
	}
	return answer, err
}

func (h *SerialHistory) add(r SerialStep) {
	h.Steps = append(h.Steps, r)
	other := r.OtherSerial != "" && r.OtherSerial != h.Serial
	switch {
	case other && r.WasOld && !slices.Contains(h.ReplacedBy, r.OtherSerial):
		h.ReplacedBy = append(h.ReplacedBy, r.OtherSerial)
	case other && !r.WasOld && !slices.Contains(h.Replaces, r.OtherSerial):
		h.Replaces = append(h.Replaces, r.OtherSerial)
	}
	if place := r.place(other); place != "" {
		h.Place, h.Project = place, r.Project
	}
}

// place is where a step leaves the unit; empty where it does not say.
func (r SerialStep) place(other bool) Place {
	switch r.Step {
	case "BACK_FROM_MAKER":
		if other {
			return PlaceReplaced
		}
		return PlaceInStock
	case string(Receipt), string(TransferIn), string(Return), "COUNTED":
		return PlaceInStock
	case string(IssueOut):
		return PlaceIssued
	case string(TransferOut):
		return PlaceInTransit
	case string(Scrapping):
		return PlaceScrapped
	case "INSTALLED", "REPAIRED_ON_SITE":
		return PlaceInstalled
	case "REMOVED":
		return PlaceRemoved
	case "HANDED_IN":
		return PlaceOnShelf
	case "SHIPPED", "F2_SHIPPED":
		if r.WasOld || r.Step == "SHIPPED" {
			return PlaceAtMaker
		}
	}
	return ""
}
