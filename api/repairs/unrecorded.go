package repairs

import (
	"context"
	"time"

	"aftersales-ledger/domain/supplier"
	"aftersales-ledger/eventstore/ledger"
	"aftersales-ledger/projections"
	repairsviews "aftersales-ledger/projections/repairs"
)

// A supplier or maker that nobody recorded is accepted, since a late record is normal,
// and marked (§5.2.2): by the records from the day of its paper on, or before.

// suppliersKnown are the suppliers as they were known when an answer was.
func (s *service) suppliersKnown(ctx context.Context, a projections.Answer) (*supplier.Suppliers, error) {
	return s.Ledger(ctx).Suppliers(ctx, func(step ledger.Step) bool {
		return uint64(step.Position) <= a.Position && !step.RecordedAt.Truncate(time.Microsecond).After(a.KnownAt)
	})
}

func (s *service) markRepairs(ctx context.Context, a projections.Answer, rows []repairsviews.Repair) error {
	known, err := s.suppliersKnown(ctx, a)
	for i := range rows {
		rows[i].MakerUnrecorded = known.Unrecorded(rows[i].Maker, rows[i].FiledOn)
	}
	return err
}

func (s *service) markPayables(ctx context.Context, a projections.Answer, rows []repairsviews.Payable) error {
	known, err := s.suppliersKnown(ctx, a)
	for i := range rows {
		rows[i].SupplierUnrecorded = known.Unrecorded(rows[i].Supplier, rows[i].RequestedOn)
	}
	return err
}

// markOrders marks requisitions by their last orders, and the orders among steps.
func (s *service) markOrders(
	ctx context.Context, a projections.Answer, rows []repairsviews.Requisition, steps []repairsviews.RequisitionStep,
) error {
	known, err := s.suppliersKnown(ctx, a)
	for i := range rows {
		rows[i].SupplierUnrecorded = known.Unrecorded(rows[i].Supplier, rows[i].OrderedOn)
	}
	for i := range steps {
		steps[i].SupplierUnrecorded = known.Unrecorded(steps[i].Supplier, steps[i].On)
	}
	return err
}
