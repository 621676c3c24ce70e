package repairs

import (
	"cmp"
	"context"
	"slices"

	"aftersales-ledger/domain/names"
	"aftersales-ledger/domain/repair"
	"aftersales-ledger/projections"
	"aftersales-ledger/projections/match"
)

// The kinds of a [Repair]: what it stands on.
const (
	SheetOfRepair       names.RepairKind = "REPAIR"
	SheetOfCompensation names.RepairKind = "COMPENSATION" // §5.3.2
	BatchOfDepot        names.RepairKind = "BATCH"        // no process sheet follows it
)

// mayShowBatches reports whether units that no sheet follows can be in the list: nobody
// decides about them, their makers are paid nothing for them, and what is repaired of
// them no paper says before they are back.
func (f RepairFilter) mayShowBatches() bool {
	return f.Awaiting == "" && !f.ToReceive && !f.ToPay && slices.Contains([]string{
		"", string(RepairAtMaker), string(RepairBack), string(repair.Scrapped),
	}, f.Status)
}

// batches are the rows of units that depots sent to makers and no sheet follows, by
// region and key.
func (m Views) batches(
	ctx context.Context, q *projections.Question, filter RepairFilter, facts *match.Facts,
) ([]Repair, error) {
	sites, err := q.Sites(ctx)
	if err != nil {
		return nil, err
	}
	scope := sites.Narrow(filter.Filter)
	var rows []Repair
	for _, u := range match.SentWithoutSheet(facts, q.AsOf, q.M.Opts.Rules.RepairWithinDays) {
		if r := batchRow(u, q); scope.Has(u.Project) && filter.showsBatch(r) {
			r.Region = sites.Region(u.Project)
			rows = append(rows, r)
		}
	}
	slices.SortFunc(rows, inOrder)
	return rows, nil
}

func inOrder(a, b Repair) int {
	return cmp.Or(cmp.Compare(a.Region, b.Region), cmp.Compare(a.key(), b.key()))
}

func batchRow(u match.SentUnit, q *projections.Question) Repair {
	r := Repair{
		Kind: BatchOfDepot, Shipment: u.Batch, Project: u.Project, FaultLine: u.Line, Part: u.Part, Serial: u.Serial,
		Maker: u.Maker, FiledOn: u.ShippedOn, Status: RepairAtMaker, Units: u.Sent, Away: u.Away, ShippedOn: u.ShippedOn,
		ExpectedBackOn: u.Promised, DueOn: u.DueOn, BackOn: u.BackOn,
	}
	end, late := q.AsOf, 0
	switch {
	case u.Away > 0:
		if u.Overdue(q.AsOf) > 0 {
			late = int(q.AsOf - u.DueOn)
		}
		r.DaysOverdue = &late
	case u.Scrapped == u.Sent:
		r.Status, r.Result = RepairStatus(repair.Scrapped), repair.Scrapped
	default:
		r.Status = RepairBack
	}
	if !u.BackOn.IsZero() {
		end = u.BackOn
	}
	if days := int(end - u.ShippedOn); u.Away > 0 || !u.BackOn.IsZero() {
		r.DaysAtMaker = &days
	}
	return r
}

// overdue reports whether it should be back.
func (r *Repair) overdue() bool { return r.DaysOverdue != nil && *r.DaysOverdue > 0 }

func (f RepairFilter) showsBatch(r Repair) bool {
	return (f.Maker == "" || f.Maker == r.Maker) && (f.Status == "" || f.Status == string(r.Status)) &&
		(!f.Overdue || r.overdue()) && (f.All || r.Status == RepairAtMaker)
}

// beside puts rows into a page where they belong.
func beside(q *projections.Question, page projections.List[Repair], rows []Repair) projections.List[Repair] {
	after := Repair{Region: q.AfterKey(0, "")}
	for _, r := range rows {
		if c := cmp.Or(cmp.Compare(r.Region, after.Region), cmp.Compare(r.key(), q.AfterKey(1, ""))); c > 0 {
			page.Rows = append(page.Rows, r)
		}
	}
	slices.SortFunc(page.Rows, inOrder)
	if len(page.Rows) > q.Limit {
		page.Rows = page.Rows[:q.Limit]
		last := &page.Rows[q.Limit-1]
		page.Next = q.Next(last.Region, last.key())
	}
	return page
}

// summedUp adds rows to the sums of their regions.
func summedUp(regions []RepairRegion, rows []Repair) []RepairRegion {
	for _, r := range rows {
		i := slices.IndexFunc(regions, func(s RepairRegion) bool { return s.Region == r.Region })
		if i < 0 {
			i, regions = len(regions), append(regions, RepairRegion{Region: r.Region})
		}
		s := &regions[i]
		if s.AtMaker += r.Away; r.Away > 0 {
			s.Count += r.Away
		} else {
			s.Count += r.Units
		}
		if r.overdue() {
			s.Overdue += r.Away
		}
	}
	slices.SortFunc(regions, func(a, b RepairRegion) int { return cmp.Compare(a.Region, b.Region) })
	return regions
}
