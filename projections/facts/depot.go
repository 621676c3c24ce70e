package facts

import "aftersales-ledger/domain/depot"

// scrappings are the steps of faulty units that are scrapped.
var scrappings = map[depot.Condition]string{depot.Faulty: "SCRAPPED", depot.AtMaker: "SCRAPPED_AT_MAKER"}

// depot gives the rows of an event of a project's stock: its postings, which belong
// to no center, movements of good parts, and steps of faulty units.
func (f *Facts) depot(r *Recorded, e depot.Event) error {
	f.postings.book(r, "", e)
	switch e := e.(type) {
	case depot.PartReceived:
		f.partMovements.add(r, movementRow{
			project: e.Project, part: e.Part, kind: "RECEIPT", slip: e.Receipt, quantity: e.Quantity, value: e.Value,
			source:  e.Source,
			serials: e.Serials, on: e.ReceivedOn, reference: e.Shipment, sentSerials: e.SentSerials,
		})
		if e.Source == depot.FromMaker {
			f.faultyUnits.add(r, 0, faultyUnitRow{
				project: e.Project, part: e.Part, step: "BACK", document: e.Receipt, shipment: e.Shipment, quantity: e.Quantity,
				serials: e.BackAs(), cameAs: e.Serials, on: e.ReceivedOn,
			})
		}
	case depot.PartIssued:
		f.partMovements.add(r, movementRow{
			project: e.Project, part: e.Part, kind: "ISSUE", slip: e.Slip, quantity: e.Quantity.Neg(), value: e.Value.Neg(),
			asked:     e.Asked,
			faultLine: e.FaultLine, person: e.Taker, override: e.Override, serials: e.Serials, on: e.IssuedOn,
		})
	case depot.PartReturned:
		f.partMovements.add(r, movementRow{
			project: e.Project, part: e.Part, kind: "RETURN", slip: e.Slip, quantity: e.Quantity, value: e.Value,
			faultLine: e.FaultLine,
			person:    e.ReturnedBy, serials: e.Serials, on: e.ReturnedOn, reference: e.Issue,
		})
	case depot.PartTransferredOut:
		f.partMovements.add(r, movementRow{
			project: e.Project, part: e.Part, kind: "TRANSFER_OUT", slip: e.Transfer, quantity: e.Quantity.Neg(),
			value:   e.Value.Neg(),
			serials: e.Serials, on: e.TransferredOn, otherProject: e.To, reason: e.Reason,
		})
	case depot.PartTransferredIn:
		f.partMovements.add(r, movementRow{
			project: e.Project, part: e.Part, kind: "TRANSFER_IN", slip: e.Transfer, quantity: e.Quantity, value: e.Value,
			serials: e.Serials, on: e.ReceivedOn, otherProject: e.From,
		})
	case depot.PartScrapped:
		if e.Condition == depot.Good {
			f.partMovements.add(r, movementRow{
				project: e.Project, part: e.Part, kind: "SCRAP", slip: e.Slip, quantity: e.Quantity.Neg(), value: e.Value.Neg(),
				serials: e.Serials, on: e.ScrappedOn, reason: e.Reason,
			})
		}
		if step := scrappings[e.Condition]; step != "" {
			f.faultyUnits.add(r, 0, faultyUnitRow{
				project: e.Project, part: e.Part, step: step, document: e.Slip, shipment: e.Shipment, quantity: e.Quantity,
				serials:   e.Serials,
				faultLine: e.FaultLine, reason: e.Reason, on: e.ScrappedOn,
			})
		}
	case depot.StockAdjusted:
		f.partMovements.add(r, movementRow{
			project: e.Project, part: e.Part, kind: "ADJUSTMENT", slip: e.Adjustment, quantity: e.Quantity, value: e.Value,
			on: e.AdjustedOn, reference: e.Count, reason: e.Reason,
		})
	case depot.FaultyUnitHandedIn:
		f.faultyUnits.add(r, 0, faultyUnitRow{
			project: e.Project, part: e.Part, step: "HANDED_IN", document: e.Slip, quantity: e.Quantity, serials: e.Serials,
			faultLine: e.FaultLine, person: e.HandedInBy, on: e.HandedInOn,
		})
	case depot.FaultyUnitsShipped:
		for i, u := range e.Units {
			row := faultyUnitRow{
				project: e.Project, part: u.Part, step: "SHIPPED", document: e.Shipment, shipment: e.Shipment, quantity: u.Quantity,
				faultLine: u.FaultLine, returnID: u.Return, maker: e.Maker, waybill: e.Waybill, expectedBackOn: e.ExpectedBackOn,
				on: e.ShippedOn,
			}
			if u.Serial != "" {
				row.serials = []string{u.Serial}
			}
			f.faultyUnits.add(r, i, row)
		}
	case depot.StockCounted:
		f.stockCounts.add(r, e)
	default:
		return unmapped(r)
	}
	return nil
}
