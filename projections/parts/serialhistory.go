package parts

import (
	"cmp"
	"context"
	_ "embed"
	"slices"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/depot"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/repair"
	"aftersales-ledger/projections"
)

//go:embed serialhistory.sql
var serialHistorySQL string

// SerialStep is one thing that was recorded about the units of a serial.
type SerialStep struct {
	On           calendar.Date         `json:"on" doc:"Business date"`
	RecordedAt   projections.Moment    `json:"recordedAt"`
	Position     uint64                `json:"position"`
	Actor        string                `json:"actor"`
	Role         string                `json:"role"`
	Step         string                `json:"step" doc:"RECEIPT, ISSUE, RETURN, TRANSFER_OUT, TRANSFER_IN, SCRAP, INSTALLED, REMOVED, REPAIRED_ON_SITE, HANDED_IN, SHIPPED, BACK_FROM_MAKER, CHARGED, COUNTED, or F2_ and a step of the process sheet"`
	Project      domain.ProjectID      `json:"project"`
	Part         domain.PartCode       `json:"part,omitempty"`
	Document     string                `json:"document"`
	Reference    string                `json:"reference,omitempty" doc:"Issue slip of a return, batch, process sheet, result at the maker, center of a charge"`
	FaultLine    domain.FaultLineID    `json:"faultLine,omitempty"`
	Ticket       domain.TicketID       `json:"ticket,omitempty"`
	Room         string                `json:"room,omitempty"`
	Person       string                `json:"person,omitempty"`
	Maker        string                `json:"maker,omitempty"`
	OtherProject domain.ProjectID      `json:"otherProject,omitempty"`
	OtherSerial  string                `json:"otherSerial,omitempty" doc:"Serial that this one replaced or was replaced by"`
	WasOld       bool                  `json:"-" sql:"was_old"` // this one was replaced by it
	Reason       string                `json:"reason,omitempty"`
	Value        *money.Amount         `json:"value,omitempty" doc:"Yuan"`
	Event        projections.EventPath `json:"event" doc:"Path of the event in the log"`
}

// UnitPlace is where a unit is.
type UnitPlace string

// The places of a unit.
const (
	PlaceInStock   UnitPlace = "IN_STOCK"   // 在库
	PlaceIssued    UnitPlace = "ISSUED"     // 已领用: taken, not known to be installed
	PlaceInTransit UnitPlace = "IN_TRANSIT" // 调拨在途
	PlaceInstalled UnitPlace = "INSTALLED"  // 在用
	PlaceRemoved   UnitPlace = "REMOVED"    // 已拆下: not handed in yet
	PlaceOnShelf   UnitPlace = "ON_SHELF"   // 坏件待处理
	PlaceAtMaker   UnitPlace = "AT_MAKER"   // 返厂
	PlaceReplaced  UnitPlace = "REPLACED"   // 厂家换新: the maker kept it
	PlaceScrapped  UnitPlace = "SCRAPPED"   // 报废
	PlaceUnknown   UnitPlace = "UNKNOWN"

	// PlaceToReceive (已修复，待入库) is that of a unit that the maker has repaired,
	// or sent instead of another, by the result on its process sheet: it waits for
	// the receipt of a depot.
	PlaceToReceive UnitPlace = "TO_RECEIVE"
	PlaceNotBack   UnitPlace = "NOT_BACK" // 未返回: given up, by the result on its process sheet
)

// away reports whether nobody but its maker has seen a unit there since it was sent.
func (p UnitPlace) away() bool {
	return p == PlaceAtMaker || p == PlaceToReceive || p == PlaceReplaced || p == PlaceNotBack
}

// SerialHistory is the answer of [Views.SerialHistory].
type SerialHistory struct {
	projections.Answer
	Serial     string
	Steps      []SerialStep // by business date, then position
	Place      UnitPlace    // after the last step that says so, in the order of [depot.InRound]
	Project    domain.ProjectID
	ReplacedBy []string // serials of units that took this one's place, in order
	Replaces   []string // serials of units whose place this one took, in order
}

// SerialHistory answers where the units of a serial have been, from receipt to
// scrap. A part narrows it down, since makers number their own.
func (m Views) SerialHistory(
	ctx context.Context, cut projections.Cut, serial string, part domain.PartCode,
) (SerialHistory, error) {
	q, err := m.Ask(cut, projections.Page{Limit: projections.MaxLimit})
	if err != nil {
		return SerialHistory{}, err
	}
	defer q.Done()
	answer := SerialHistory{Answer: q.Answer, Serial: serial, Place: PlaceUnknown}
	p := projections.Params{"serial": serial, "part": string(part)}
	err = projections.Each(ctx, q, serialHistorySQL, p, func(r *SerialStep) error {
		answer.add(*r)
		return nil
	})
	answer.follow()
	if err == nil && len(answer.Steps) == 0 {
		if others := partsOf(ctx, q, serial); part != "" && len(others) > 0 {
			return SerialHistory{}, domain.Invalid("part", domain.Clip(string(part)), "other-part",
				"is not the part of serial %s, which is of %v", "", serial, others)
		}
		return SerialHistory{}, domain.NotFound("serial", domain.Clip(serial), "unknown-serial",
			"is on no document known at the time asked for")
	}
	return answer, err
}

// partsOf are the parts that a serial is of on any document.
func partsOf(ctx context.Context, q *projections.Question, serial string) (parts []domain.PartCode) {
	_ = projections.Each(ctx, q, serialHistorySQL, projections.Params{"serial": serial, "part": ""}, func(r *SerialStep) error {
		if r.Part != "" && !slices.Contains(parts, r.Part) {
			parts = append(parts, r.Part)
		}
		return nil
	})
	return parts
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
}

// follow finds where the unit is. The order of the log has no part in it: papers
// are entered in any.
func (h *SerialHistory) follow() {
	steps := slices.DeleteFunc(slices.Clone(h.Steps), func(r SerialStep) bool { return r.sighting(h.Serial).place == "" })
	saw := func(r SerialStep) depot.Sighting {
		return depot.Sighting{
			On: r.On, Stage: r.sighting(h.Serial).stage, Line: r.FaultLine, Depot: r.Project, Other: r.OtherProject,
		}
	}
	steps = depot.WithoutSentBack(steps, saw)
	slices.SortFunc(steps, func(a, b SerialStep) int {
		return cmp.Or(cmp.Compare(a.Document, b.Document), cmp.Compare(a.Project, b.Project), cmp.Compare(a.Step, b.Step))
	})
	for { // what says nothing of a unit that is elsewhere does not move the round on either
		depot.InRound(steps, saw)
		h.Place = PlaceUnknown
		var goneFor []domain.FaultLineID
		idle := slices.IndexFunc(steps, func(r SerialStep) bool {
			s := r.sighting(h.Serial)
			if s.from != "" && s.from != h.Place || saw(r).Late(goneFor, h.Place.away()) {
				return true
			}
			h.Place, h.Project = s.place, r.Project
			if s.stage == depot.StageShipped || s.stage == depot.StageScrapped {
				goneFor = append(goneFor, r.FaultLine)
			}
			return false
		})
		if idle < 0 {
			return
		}
		steps = slices.Delete(steps, idle, idle+1)
	}
}

// unitPlace is what a step says of where the unit is.
type unitPlace struct {
	place UnitPlace // empty: nothing
	from  UnitPlace // the step says so only of a unit that was there; empty: of any
	stage depot.Stage
}

func (r SerialStep) sighting(serial string) unitPlace {
	switch r.Step {
	case "BACK_FROM_MAKER":
		if r.OtherSerial != "" && r.OtherSerial != serial {
			return unitPlace{place: PlaceReplaced, stage: depot.StageBack}
		}
		return unitPlace{place: PlaceInStock, stage: depot.StageBack}
	case string(Receipt):
		return unitPlace{place: PlaceInStock, stage: depot.StageReceived}
	case string(TransferIn):
		return unitPlace{place: PlaceInStock, stage: depot.StageArrived}
	case string(Return):
		return unitPlace{place: PlaceInStock, stage: depot.StageGivenBack}
	case "COUNTED":
		return unitPlace{place: PlaceInStock, stage: depot.StageCounted}
	case string(IssueOut):
		return unitPlace{place: PlaceIssued, stage: depot.StageIssued}
	case string(TransferOut):
		return unitPlace{place: PlaceInTransit, stage: depot.StageTransferred}
	case string(Scrapping):
		return unitPlace{place: PlaceScrapped, stage: depot.StageScrapped}
	case "INSTALLED", "REPAIRED_ON_SITE":
		return unitPlace{place: PlaceInstalled, stage: depot.StageInstalled}
	case "REMOVED":
		return unitPlace{place: PlaceRemoved, stage: depot.StageRemoved}
	case "HANDED_IN":
		return unitPlace{place: PlaceOnShelf, stage: depot.StageHandedIn}
	case "SHIPPED", "F2_SHIPPED":
		if r.WasOld || r.Step == "SHIPPED" {
			return unitPlace{place: PlaceAtMaker, stage: depot.StageShipped}
		}
	case "F2_RETURNED":
		return r.result()
	}
	return unitPlace{}
}

// result is what the result on a process sheet says of the unit that was sent, and
// of the one that came instead. What a depot has received is there, and what it
// scrapped is scrapped, whatever the sheet says later: that they differ is a finding.
func (r SerialStep) result() unitPlace {
	if !r.WasOld {
		return unitPlace{place: PlaceToReceive, from: PlaceUnknown, stage: depot.StageSettled}
	}
	switch repair.Result(r.Reference) {
	case repair.Repaired:
		return unitPlace{place: PlaceToReceive, from: PlaceAtMaker, stage: depot.StageSettled}
	case repair.Replaced:
		return unitPlace{place: PlaceReplaced, from: PlaceAtMaker, stage: depot.StageSettled}
	case repair.NotBack:
		return unitPlace{place: PlaceNotBack, from: PlaceAtMaker, stage: depot.StageSettled}
	case repair.Scrapped:
		return unitPlace{place: PlaceScrapped, from: PlaceAtMaker, stage: depot.StageSettled}
	}
	return unitPlace{}
}
