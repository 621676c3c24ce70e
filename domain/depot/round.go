package depot

import (
	"cmp"
	"slices"

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
