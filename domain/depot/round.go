package depot

import (
	"cmp"
	"slices"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
)

// Stage is what a document says of a unit. The stages stand in the order in which
// a unit goes round: from stock into a room, out of it, to its maker and back.
type Stage uint8

// The stages of a unit's round, and the two that end it.
const (
	StageReceived    Stage = iota // 采购或期初入库
	StageTransferred              // 调拨出库
	StageArrived                  // 调拨入库
	StageIssued                   // 出库
	StageGivenBack                // 退库: unused
	StageInstalled                // 装上, or repaired where it is
	StageRemoved                  // 拆下
	StageHandedIn                 // 旧件交回
	StageShipped                  // 返厂
	StageSettled                  // F2 结果: what the maker made of it
	StageBack                     // 返修入库
	roundLength
	StageScrapped // 报废
	StageCounted  // 盘点: at the end of its day
)

// next is the stage that a unit goes on with after another.
func (s Stage) next() Stage {
	switch s {
	case StageReceived, StageArrived, StageGivenBack, StageBack, StageCounted, StageScrapped:
		return StageTransferred // it is in stock, or was
	}
	return s + 1
}

// Sighting is what one document says of a unit, and of which day.
type Sighting struct {
	On    calendar.Date
	Stage Stage
	Line  domain.FaultLineID // F1 line that it names; empty: none

	// Of a transfer: the depot whose paper it is, and that at the other end. A depot that
	// looks at its own papers leaves the first empty.
	Depot, Other domain.ProjectID
}

// sentBackAt reports whether two papers say that a unit passed between two depots there and
// back on one day, as one that is refused on arrival does: it is where it was before.
func (s Sighting) sentBackAt(o Sighting) bool {
	there := s.Stage == StageTransferred && o.Stage == StageArrived
	back := s.Stage == StageArrived && o.Stage == StageTransferred
	return (there || back) && s.On == o.On && s.Depot == o.Depot && s.Other == o.Other
}

// WithoutSentBack leaves out, in pairs, the papers of a depot by which a unit came from
// another and went back there on one day, or the other way round.
func WithoutSentBack[S any](all []S, of func(S) Sighting) (rest []S) {
	for _, s := range all {
		pair := slices.IndexFunc(rest, func(o S) bool { return of(o).sentBackAt(of(s)) })
		if pair < 0 {
			rest = append(rest, s)
			continue
		}
		rest = slices.Delete(rest, pair, pair+1)
	}
	return rest
}

// Late reports whether a paper by which a unit was taken out of a room or handed in says
// so of the time before the unit went on, whatever its own day: a unit that is with its
// maker cannot be handed in (§5.2.1). goneFor are the F1 lines, in order, for which the
// unit was sent or scrapped before, empty where that paper named none; away says that it
// was not seen since by anybody but its maker. A paper that names another line than the
// unit was sent for is about another time that it was taken out.
func (s Sighting) Late(goneFor []domain.FaultLineID, away bool) bool {
	if s.Stage != StageHandedIn && s.Stage != StageRemoved {
		return false
	}
	if s.Line != "" && slices.Contains(goneFor, s.Line) {
		return true
	}
	return s.Stage == StageHandedIn && away && (s.Line == "" || len(goneFor) == 0 || goneFor[len(goneFor)-1] == "")
}

// InRound puts what documents say of one unit in the order in which it happened,
// whatever the order in which they were entered: by day, and of one day as the
// round goes on from where the unit was before. What is equal stays in its order.
func InRound[S any](all []S, of func(S) Sighting) {
	slices.SortStableFunc(all, func(a, b S) int { return cmp.Compare(of(a).On, of(b).On) })
	first := StageReceived
	for len(all) > 0 {
		on := of(all[0]).On
		n := slices.IndexFunc(all, func(s S) bool { return of(s).On != on })
		if n < 0 {
			n = len(all)
		}
		far := func(s S) Stage {
			stage := of(s).Stage
			if stage > roundLength {
				return stage
			}
			return (stage + roundLength - first) % roundLength
		}
		slices.SortStableFunc(all[:n], func(a, b S) int { return cmp.Compare(far(a), far(b)) })
		first, all = of(all[n-1]).Stage.next(), all[n:]
	}
}
